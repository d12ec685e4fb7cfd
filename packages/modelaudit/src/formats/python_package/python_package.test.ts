import { describe, expect, test } from "vitest";
import { buildTar } from "../../../test/build-tar.js";
import { buildZip } from "../../../test/build-zip.js";
import { gapsOf, text } from "../../../test/containers.js";
import { scanBytes } from "../../../test/scan-bytes.js";

const wheel = (name: string, data: string) =>
  buildZip([text("p/__init__.py", "x = 1\n"), text("p-1.dist-info/WHEEL", "Wheel-Version: 1.0\n"), text(name, data)]);
const conda = (name: string, data: string) => buildTar([text("info/index.json", '{"name": "p"}'), text(name, data)]);

describe("a path file, which Python runs whenever it starts", () => {
  test.each([
    ["in a wheel", "p-1-py3-none-any.whl", wheel("p.pth", "import os; os.system('echo fixture')\n")],
    ["in a wheel's data", "p-1-py3-none-any.whl", wheel("p-1.data/purelib/z.pth", "../lib\nimport\tsubprocess; subprocess.Popen(['echo'])\n")],
    ["in a text that is run", "p-1-py3-none-any.whl", wheel("p.pth", "import os as q; exec('q.system(\"echo\")')\n")],
    ["in a conda package", "p-1-0.tar", conda("lib/python3/site-packages/p.pth", "import base64; exec(base64.b64decode('cGFzcw=='))\n")],
  ])("%s", async (_, name, bytes) => {
    const scanned = await scanBytes(name, bytes);
    expect([scanned.rules.includes("S507"), scanned.worst]).toEqual([true, "critical"]);
  });

  test.each([
    ["paths only", "../lib\n/opt/share (old)\n"],
    ["a comment on imports", "# import os; os.system('x')\nimport p_bootstrap\n"],
    [
      "coverage",
      "import sys; exec('import os\\n\\nif os.getenv(\"COVERAGE_PROCESS_START\"):\\n    try:\\n        import coverage\\n    except: pass\\n')\n",
    ],
    // As setuptools installs it.
    [
      "setuptools",
      "import os; var = 'SETUPTOOLS_USE_DISTUTILS'; enabled = os.environ.get(var, 'local') == 'local'; enabled and __import__('_distutils_hack').add_shim(); \n",
    ],
  ])("honest: %s", async (_, data) => {
    const scanned = await scanBytes("p-1-py3-none-any.whl", wheel("p.pth", data));
    expect([scanned.worst === "info" || scanned.worst === undefined, gapsOf(scanned)]).toEqual([true, []]);
  });
});
