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

# functions_of HEADER: their names, sorted. Declarations begin with RCML_API at the start of a line, and the name stands
# before the first parenthesis.
functions_of() {
  tr '\n' ' ' <"$1" | sed 's/RCML_API /\n&/g' \
    | sed -n 's/^RCML_API [^(]*[ *]\(rcml_[a-z0-9_]*\)(.*/\1/p' | sort -u
}

# Makes librcml.a of the objects of the library and what they use of Swift's runtime, after build_library. It is one
# object, in which only rcml_* is seen from outside: Swift's names meet no other program's. --wrap as in Package.swift.
build_archive() {
  local archive=$stage/lib/librcml.a object=$dist_build/librcml-archive.o objects swift_static keep strangers
  if [ "$archive" -nt "$stage/librcml-unstripped.so" ]; then return 0; fi
  say "building librcml.a"
  swift_static=$(swift -print-target-info -static-stdlib 2>/dev/null | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')/linux
  mapfile -t objects < <(tr -d "\"'" <"$dist_build/release/rcml-0.product/Objects.LinkFileList")
  mapfile -t keep < <(functions_of "$root/Include/rcml.h" | sed 's/^/--undefined=/')
  ld -r --gc-sections --force-group-allocation --wrap=_swift_stdlib_getScalarName \
    --wrap=malloc --wrap=calloc --wrap=posix_memalign --wrap=_Znwm --wrap=_ZnwmSt11align_val_t "${keep[@]}" -o "$object" \
    "${objects[@]}" "$swift_static/$(uname -m)/swiftrt.o" -L"$swift_static" --start-group -lswiftCore -lswiftGlibc --end-group
  objcopy --wildcard --keep-global-symbol='rcml_*' --strip-debug "$object"
  strip --strip-unneeded --remove-section=.comment "$object"
  # The linker of the program makes the bounds of Swift's sections; everything else of Swift has to be inside.
  strangers=$(nm -u "$object" | awk '{ print $2 }' | grep -E '^(_?swift|\$s)' || true)
  [ -z "$strangers" ] || die "librcml.a lacks of Swift: $strangers"
  rm -f "$archive"
  ar rcsD "$archive" "$object"
  rm -f "$object"
}

# Where ldconfig is, also for those whose PATH lacks /sbin.
loader() { PATH=$PATH:/sbin:/usr/sbin command -v ldconfig; }

# is_searched FOLDER: programs look for libraries there without being told.
is_searched() {
  "$(loader)" -v -N -X 2>/dev/null | sed -n 's|^\(/[^:]*\):.*|\1|p' | xargs -r -n 1 realpath -m 2>/dev/null \
    | grep -qxF "$(realpath -m "$1")"
}

# make_library_known FOLDER: programs that were linked with the library in FOLDER find it when they start, or how they will.
make_library_known() {
  if ! is_searched "$1"; then
    say "programs find librcml.so.0 with LD_LIBRARY_PATH=$1, or linked with -Wl,-rpath,$1"
  elif "$(loader)" 2>/dev/null; then
    say "ldconfig has run: programs find librcml.so.0 when they start"
  else
    say "run ldconfig as root, or programs do not find librcml.so.0 when they start: sudo ldconfig"
  fi
}
forget_library() {
  if is_searched "$1"; then "$(loader)" 2>/dev/null || true; fi
}

# The version as the library says it, 0.1.0.
library_version() {
  sed -n 's/.*version: StaticString = "\(.*\)"/\1/p' "$root/Sources/RCMLBasics/Product.swift"
}
