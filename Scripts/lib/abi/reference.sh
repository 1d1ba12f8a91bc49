# What the header and the package promised before, and whether they still do. Sourced by Scripts/check-abi, which has
# the function `wrong` and the folder $work.

reference=$root/Scripts/lib/abi/rcml-reference.h
symbols_file=$root/Scripts/lib/debian/librcml0.symbols
shape=$root/Scripts/lib/abi/shape.py

# macros_of HEADER: what programs write besides functions and types.
macros_of() { sed -n 's/^#define \(RCML_[A-Z0-9_]*\).*/\1/p' "$1" | sort -u; }

# build_stub NAME HEADER: a library of that shape, for abidiff.
build_stub() {
  mkdir -p "$work/$1"
  cp "$2" "$work/$1/header.h"
  python3 "$shape" stub "$2" >"$work/$1/stub.c"
  gcc -std=c11 -g -O0 -w -fPIC -shared -Wl,-soname,librcml.so.0 -o "$work/$1/stub.so" "$work/$1/stub.c"
}

# compare_with_reference HEADER
compare_with_reference() {
  local header=$1 status=0 lost more
  if ! build_stub old "$reference" || ! build_stub new "$header"; then
    wrong "the header cannot be read"
    return
  fi
  # abidiff: functions, their types, enums, callbacks. Places of struct members are looked at below.
  abidiff --no-added-syms --suppr "$root/Scripts/lib/abi/grown.abignore" "$work/old/stub.so" "$work/new/stub.so" \
    >"$work/report" 2>&1 || status=$?
  if [ $status -ne 0 ]; then
    sed 's/^/  /' "$work/report" >&2
    wrong "whoever was built with the reference would not run on (abidiff says $status)"
  fi
  python3 "$shape" layout "$reference" >"$work/old/layout.c"
  gcc -std=c11 -w -o "$work/old/layout" "$work/old/layout.c"
  { echo '#include "header.h"'; "$work/old/layout"; } >"$work/new/layout.c"
  if ! gcc -std=c11 -w -fsyntax-only "$work/new/layout.c" 2>"$work/report"; then
    grep 'error:' "$work/report" | sed 's/.*error: /  /' >&2
    wrong "structs are not as the reference has them"
  fi
  lost=$(comm -23 <(macros_of "$reference") <(macros_of "$header") | tr '\n' ' ')
  [ -z "$lost" ] || wrong "macros are gone: $lost"
  lost=$(comm -23 <(sed -n 's/^ \(rcml_[a-z0-9_]*\)@.*/\1/p' "$symbols_file" | sort) <(functions_of "$header") | tr '\n' ' ')
  [ -z "$lost" ] || wrong "librcml0.symbols promises what the header lacks: $lost"
  more=$(comm -13 <(functions_of "$reference") <(functions_of "$header") | tr '\n' ' ')
  [ -z "$more" ] || say "check-abi: new since the reference, until it is renewed: $more"
}

# The reference becomes the header of today. A function keeps the version that the symbols file gave it.
renew_reference() {
  local version name line
  version=$(library_version)
  python3 "$shape" bare "$root/Include/rcml.h" >"$work/reference"
  mv "$work/reference" "$reference"
  touch "$symbols_file"
  cp "$symbols_file" "$work/symbols"
  {
    echo "librcml.so.0 librcml0 #MINVER#"
    echo "* Build-Depends-Package: librcml-dev"
    functions_of "$reference" | while IFS= read -r name; do
      line=$(grep -F " $name@" "$work/symbols" || true)
      echo "${line:- $name@RCML_0.1 $version}"
    done
  } >"$symbols_file"
}
