#!/usr/bin/env bash
# Fetches the Debian packages that packages.tsv lists and unpacks what is read of them, a
# folder each:
#
#   bash build/language/fetch.sh DIR
#
# It needs apt with Debian 12 among its sources; nothing is installed. Versions that have
# left the mirrors are on snapshot.debian.org.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?usage: fetch.sh DIR}"
cd "$1"

tail -n +2 "$here/packages.tsv" | while IFS=$'\t' read -r name version _; do
	[ -d "$name" ] && continue
	apt-get download --quiet "$name=$version" 2>/dev/null
	mkdir "$name.part"
	dpkg-deb --fsys-tarfile "$name"_*.deb | tar --extract --directory "$name.part" --wildcards \
		'*.mo' '*.html' '*/man/*' '*.page' '*.xpi' '*.dic' '*/copyright' 2>/dev/null || true # not every package has each kind
	mv "$name.part" "$name"
	rm "$name"_*.deb
done
