"""configs/reference/PLUGIN.toml is what `wright docs PLUGIN` writes. WRIGHT_ACCEPT=1 writes it anew."""
import os
import pathlib
import unittest

from wright_process import WrightCase

TREE = pathlib.Path(__file__).resolve().parents[2]


class Reference(WrightCase):
    def test_is_up_to_date(self):
        self.site('[site]\nname = "x"\n')
        for folder in sorted((TREE / "plugins").iterdir()):
            if not (folder / "CMakeLists.txt").exists():
                continue
            with self.subTest(plugin=folder.name):
                self.run_wright("docs", folder.name, expect=0)
                kept = TREE / "configs" / "reference" / f"{folder.name}.toml"
                if os.environ.get("WRIGHT_ACCEPT"):
                    kept.parent.mkdir(exist_ok=True)
                    kept.write_text(self.out)
                self.assertEqual(kept.read_text() if kept.exists() else "", self.out,
                                 "write it anew: WRIGHT_ACCEPT=1 ctest --test-dir build/dev -R cli.reference_test")


if __name__ == "__main__":
    unittest.main()
