# The distribution as scripts use it: librcml.so.0, the Lua modules and the tool in one folder. Sourced, not run.

# Where the self-contained library is built; RCML_DIST_BUILD may name another folder.
dist_build=${RCML_DIST_BUILD:-$root/.build/dist}
stage=$dist_build/stage

# Builds librcml.so.0 with its links and the header's folder below $stage, unless sources are older than it.
build_library() {
  say "building librcml.so.0"
  (cd "$root" && RCML_DIST=1 swift build -c release --product rcml-0 --scratch-path "$dist_build" >&2)
  mkdir -p "$stage/lib" "$stage/include"
  if ! cmp -s "$dist_build/release/librcml-0.so" "$stage/librcml-unstripped.so"; then
    cp "$dist_build/release/librcml-0.so" "$stage/librcml-unstripped.so"
    strip --strip-unneeded -o "$stage/lib/librcml.so.0" "$stage/librcml-unstripped.so"
  fi
  ln -sf librcml.so.0 "$stage/lib/librcml.so"
  cp "$root/Include/rcml.h" "$stage/include/rcml.h"
}

# Builds the tool for other machines: without a shared Swift runtime, from the objects of the library. Its path: $tool.
build_tool() {
  say "building the tool"
  (cd "$root" && RCML_DIST=1 swift build -c release --product rcml --scratch-path "$dist_build" >&2)
  tool=$dist_build/release/rcml
}

# The version as the library says it, 0.1.0.
library_version() {
  sed -n 's/.*constant: StaticString = "\(.*\)"/\1/p' "$root/Sources/RCMLLibrary/Library+Words.swift"
}
