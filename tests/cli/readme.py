"""readme.py ORRERY README FOLDER - run the README's Python example on a file made for it."""
import os, re, subprocess, sys, tempfile
from unittest.mock import MagicMock

try:
    import matplotlib
    matplotlib.use("Agg")
except ImportError:  # CI has none; reading the file is what is tested
    sys.modules["matplotlib"] = sys.modules["matplotlib.pyplot"] = MagicMock()

orrery, readme, scenarios = (os.path.abspath(p) for p in sys.argv[1:4])
blocks = re.findall(r"```python\n(.*?)```", open(readme).read(), re.S)
assert blocks, "the README has no Python example"
with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    subprocess.run([orrery, "run", scenarios + "/solar-system.yaml", "-q", "--until", "2 yr",
                    "--set", "expect=[]", "-o", "solar-system.h5"], check=True)
    for block in blocks:
        print(block)
        exec(block, {})
