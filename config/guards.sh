#!/usr/bin/env bash
# What no linter knows of our pages: the strict CSP forbids inline style and script, and red, yellow and green
# belong to the lights alone.
set -euo pipefail
cd "$(dirname "$0")/.."
found=0
refuse() { # why, pattern
  if grep -rnE --include='*.html' -- "$2" templates bureau powers grid cases community oversight 2>/dev/null; then
    echo "^ $1" >&2
    found=1
  fi
}
refuse "a light is drawn by its component, not by a colour of the kit" 'bg-(red|yellow|green)'
refuse "inline style: put it into static/css" '<[^>]*[[:space:]]style[[:space:]]*='
refuse "a style element: put it into static/css" '<style'
refuse "inline script attribute: put it into static/js" '<[^>]*[[:space:]]on[a-z]+[[:space:]]*='
refuse "a script without a source: put it into static/js" '<script([[:space:]]+(type|nonce|defer|async)[^>]*)?>'
exit "$found"
