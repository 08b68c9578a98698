#!/bin/sh
# Finds a Chromium for the browser tests, or installs Debian's where we are root. Says in one sentence what is missing.
set -eu
if [ -n "${GRACE_TEST_CHROMIUM:-}" ]; then
    [ -x "$GRACE_TEST_CHROMIUM" ] && exit 0
    echo "GRACE_TEST_CHROMIUM names $GRACE_TEST_CHROMIUM, which cannot be run." >&2
    exit 1
fi
for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fonts-noto-cjk >/dev/null
    exit 0
fi
echo "The browser tests need Chromium: install the package 'chromium', or name a binary in GRACE_TEST_CHROMIUM." >&2
exit 1
