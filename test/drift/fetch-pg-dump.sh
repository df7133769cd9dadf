#!/bin/sh
# Fetches pg_dump 17 with every library it needs from the Debian release that has it, into .cache/postgresql-client, and
# installs nothing: it runs on Debian 12 and on others alike. Prints the path; exits 1 where Debian cannot be reached.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
target=$root/.cache/postgresql-client
if "$target/pg_dump" --version >/dev/null 2>&1; then echo "$target/pg_dump"; exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/packages" "$target"
mirror=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' | sed -n 's/^Debian //p' | grep -v security | head -n 1)
echo "deb $mirror trixie main" >"$work/sources.list"
apt() {
  command=$1
  shift
  "$command" -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root "$@"
}
apt apt-get -qq update
cd "$work/packages"
apt apt-get -qq download postgresql-client-17 libpq5 libc6 libgcc-s1 zlib1g liblz4-1 libzstd1 libssl3t64 libldap2 libsasl2-2 \
  libgssapi-krb5-2 libkrb5-3 libk5crypto3 libkrb5support0 libcom-err2 libkeyutils1
for package in *.deb; do dpkg-deb -x "$package" "$target"; done
cat >"$target/pg_dump" <<'WRAPPER'
#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
set -- "$here/usr/lib/postgresql/17/bin/pg_dump" "$@"
libraries=$(echo "$here"/usr/lib/*-linux-gnu)
exec "$(echo "$libraries"/ld-linux-*.so.*)" --library-path "$libraries" "$@"
WRAPPER
chmod 755 "$target/pg_dump"
"$target/pg_dump" --version >&2
echo "$target/pg_dump"
