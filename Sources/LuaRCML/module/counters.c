/* What an agent has counted, and the names of it. */
#include "module.h"

#include <string.h>

static const rcml_metrics_extension *metrics(void) {
  return (const rcml_metrics_extension *)rcml_extension(RCML_METRICS_EXTENSION, 1);
}

/* agent:counters() -> table of member = number | nil, err. Milliseconds are seconds here: uptime. */
int agent_counters(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_counters counters = RCML_COUNTERS_INIT;
  rcml_metric_info metric = RCML_METRIC_INFO_INIT;
  const rcml_metrics_extension *list = metrics();
  int32_t code = rcml_agent_counters(check_agent(L, 1)->handle, &counters);
  size_t i;
  if (code < 0) return fail(L, code, &error);
  lua_newtable(L);
  /* An older library fills less of the struct and lists less of it: what it knows is what there is. */
  for (i = 0; list && list->entry(i, &metric) > 0; i++) {
    size_t length = strlen(metric.member);
    uint64_t value;
    if (metric.offset + sizeof value > sizeof counters) continue;
    memcpy(&value, (const char *)&counters + metric.offset, sizeof value);
    if (metric.divisor == 1000 && length > 3 && strcmp(metric.member + length - 3, "_ms") == 0) {
      lua_pushlstring(L, metric.member, length - 3);
      lua_pushnumber(L, (lua_Number)value / 1000);
    } else {
      lua_pushstring(L, metric.member);
      push_id(L, value);
    }
    lua_rawset(L, -3);
  }
  return 1;
}

/* agent:metrics() -> the text for Prometheus | nil, err */
int agent_metrics(lua_State *L) {
  rcml_error error = RCML_ERROR_INIT;
  agent_box *box = check_agent(L, 1);
  size_t size = 16384;
  for (;;) {
    /* Lua's memory: an error of it loses nothing. */
    char *text = lua_newuserdata(L, size);
    int32_t length = rcml_agent_metrics(box->handle, text, size);
    if (length < 0) return fail(L, length, &error);
    if ((size_t)length < size) {
      lua_pushlstring(L, text, (size_t)length);
      return 1;
    }
    size = (size_t)length + 64; /* a number may have got longer meanwhile */
    lua_pop(L, 1);
  }
}

/* rcml.metrics() -> list of {name, labels, kind, help, member} */
int module_metrics(lua_State *L) {
  rcml_metric_info metric = RCML_METRIC_INFO_INIT;
  const rcml_metrics_extension *list = metrics();
  size_t i;
  lua_newtable(L);
  for (i = 0; list && list->entry(i, &metric) > 0; i++) {
    lua_newtable(L);
    lua_pushstring(L, metric.name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, metric.labels);
    lua_setfield(L, -2, "labels");
    lua_pushstring(L, metric.kind == RCML_METRIC_GAUGE ? "gauge" : "counter");
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, metric.help);
    lua_setfield(L, -2, "help");
    lua_pushstring(L, metric.member);
    lua_setfield(L, -2, "member");
    lua_rawseti(L, -2, (int)i + 1);
  }
  return 1;
}
