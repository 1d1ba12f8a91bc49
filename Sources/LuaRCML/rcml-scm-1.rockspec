-- The Lua module against an installed librcml (Scripts/install, or librcml-dev), in this folder:
--   luarocks make rcml-scm-1.rockspec [RCML_DIR=PREFIX]
rockspec_format = "3.0"
package = "rcml"
version = "scm-1"
-- For `luarocks make` the source is this folder; a rock on a server needs the address of the repository here.
source = { url = "git+file://." }
description = {
  summary = "Runs RCML telephone documents: calls, <Dial>, <Sip>, events",
  detailed = "The Lua form of librcml: agents, calls and documents, as handlers or coroutines.",
  license = "MIT",
}
dependencies = { "lua >= 5.1, < 5.5" }
external_dependencies = { RCML = { header = "rcml.h", library = "rcml" } }
build = {
  type = "make",
  build_variables = {
    CC = "$(CC)",
    CFLAGS = "$(CFLAGS)",
    LIBFLAG = "$(LIBFLAG)",
    LUA_INCDIR = "$(LUA_INCDIR)",
    RCML_INCDIR = "$(RCML_INCDIR)",
    RCML_LIBDIR = "$(RCML_LIBDIR)",
  },
  install_variables = { INST_LIBDIR = "$(LIBDIR)", INST_LUADIR = "$(LUADIR)" },
}
