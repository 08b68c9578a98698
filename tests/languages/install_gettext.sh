#!/bin/sh
# Finds GNU gettext's tools for the tests of catalogs, or installs Debian's where we are root. Says in one sentence what is missing.
set -eu
missing=""
for name in msgfmt msgcat msgmerge; do
    command -v "$name" >/dev/null 2>&1 || missing="$missing $name"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gettext >/dev/null
    exit 0
fi
echo "The tests of catalogs need$missing: install the package 'gettext'." >&2
exit 1
