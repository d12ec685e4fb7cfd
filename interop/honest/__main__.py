"""Writes the honest files of one library: `python -m honest LIBRARY FOLDER`. Prints counts as JSON on the last line."""

import importlib
import json
import sys
import time

from .saving import Folder, quiet_and_repeatable

name, folder = sys.argv[1:]
start = time.time()
quiet_and_repeatable()
module = importlib.import_module(f"honest.{name}")
target = Folder(folder)
module.write(target)
print(json.dumps({"library": name, "written": target.written, "refused": target.refused, "seconds": round(time.time() - start, 1)}))
