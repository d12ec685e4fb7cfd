"""CPython's two unpicklers over inert names: every name is a fresh class that writes down how it is used."""

import io
import pickle


class Recorder(type):
    """A class that stands for an imported name and writes down what is done with it."""

    log = None

    def __call__(cls, *args, **kwargs):
        Recorder.log.append(("call", cls.label))
        return instance_of(cls.label + "()")

    def __setitem__(cls, key, value):
        Recorder.log.append(("mutate", cls.label))


class Method:
    """`append`, `extend`, `add` and `__setstate__`, of a class as well as of an instance."""

    def __init__(self, kind):
        self.kind = kind

    def __get__(self, instance, owner):
        label = owner.label if instance is None else instance.label

        def use(*_):
            Recorder.log.append((self.kind, label))

        return use


def members(label):
    def new(cls, *args, **kwargs):
        Recorder.log.append(("call", cls.label))
        return instance_of(cls.label + "()")

    return {
        "label": label,
        "__new__": new,
        "append": Method("mutate"),
        "extend": Method("mutate"),
        "add": Method("mutate"),
        "__setstate__": Method("build"),
    }


class Inert:
    """What calling an imported name gives. It can be called, indexed and given a state in turn."""

    def __init__(self, label):
        self.label = label

    def __call__(self, *args, **kwargs):
        Recorder.log.append(("call", self.label))
        return instance_of(self.label + "()")

    def __setitem__(self, key, value):
        Recorder.log.append(("mutate", self.label))

    append = Method("mutate")
    extend = Method("mutate")
    add = Method("mutate")
    __setstate__ = Method("build")


def instance_of(label):
    return Inert(label)


def recorder(label):
    return Recorder("Recorded", (), members(label))


def recording(base):
    class Recording(base):
        def find_class(self, module, name):
            Recorder.log.append(("import", f"{module}.{name}"))
            return recorder(f"{module}.{name}")

        def persistent_load(self, pid):
            Recorder.log.append(("persistent",))
            return instance_of("persistent")

        def get_extension(self, code):
            raise pickle.UnpicklingError("extension")

    return Recording


def load(base, data):
    """(events, offset behind the stream or None) of one machine on one stream."""
    Recorder.log = []
    source = io.BytesIO(data)
    try:
        recording(base)(source).load()
        end = source.tell()
    except Exception:  # noqa: BLE001 - any error is the machine's answer
        end = None
    except BaseException as error:  # noqa: BLE001
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        end = None
    return Recorder.log, end
