# Packages with what a debugger wants to know of binaries that are stripped in theirs. Sourced, not run.

build_id() { readelf -n "$1" 2>/dev/null | sed -n 's/^ *Build ID: //p' | head -n 1; }

# debug_package PACKAGE UNSTRIPPED BINARY VERSION FOLDER: PACKAGE-dbgsym_VERSION_ARCH.deb in FOLDER, for the BINARY as it was
# packaged and the same one UNSTRIPPED. gdb finds them by their build id.
debug_package() {
  local package=$1 unstripped=$2 binary=$3 version=$4 folder=$5 id arch tree place
  id=$(build_id "$binary")
  [ -n "$id" ] || die "$binary has no build id"
  [ "$id" = "$(build_id "$unstripped")" ] || die "$unstripped is not what $binary was made of"
  arch=$(dpkg --print-architecture)
  tree=$(mktemp -d)
  place=$tree/usr/lib/debug/.build-id/${id:0:2}
  mkdir -p "$place" "$tree/DEBIAN" "$tree/usr/share/doc/$package-dbgsym"
  objcopy --only-keep-debug --compress-debug-sections "$unstripped" "$place/${id:2}.debug"
  chmod 644 "$place/${id:2}.debug"
  install -m 644 "$root/Scripts/lib/debian/copyright" "$tree/usr/share/doc/$package-dbgsym/copyright"
  cat >"$tree/DEBIAN/control" <<END
Package: $package-dbgsym
Source: librcml
Version: $version
Architecture: $arch
Maintainer: $(sed -n 's/^Maintainer: //p' "$root/Scripts/lib/debian/control" | head -n 1)
Section: debug
Priority: optional
Auto-Built-Package: debug-symbols
Build-Ids: $id
Depends: $package (= $version)
Description: debug symbols for $package
END
  (cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  chmod -R u=rwX,go=rX "$tree"
  dpkg-deb --root-owner-group -Zxz --build "$tree" "$folder/${package}-dbgsym_${version}_$arch.deb" >&2
  rm -rf "$tree"
}
