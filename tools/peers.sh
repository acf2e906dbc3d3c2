#!/bin/sh
# Install the JavaScript packages that tests compare with, into a throw-away folder:
#   tools/peers.sh FOLDER && TESTAMUR_NODE_MODULES=FOLDER/node_modules make test
set -eu
mkdir -p "$1"
npm install --prefix "$1" --no-audit --no-fund --ignore-scripts --silent jsonld@9.0.0
