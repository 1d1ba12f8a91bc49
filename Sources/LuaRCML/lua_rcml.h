/* The Lua module, in C over rcml.h alone: what its files share. */
#ifndef LUA_RCML_H
#define LUA_RCML_H

#include <lauxlib.h>
#include <lua.h>
#include <rcml.h>

#define AGENT_TYPE "rcml.agent"
#define CALL_TYPE "rcml.call"
#define LEG_TYPE "rcml.leg"
#define REQUEST_TYPE "rcml.request"
#define CREDENTIALS_TYPE "rcml.credentials"
#define TARGET_TYPE "rcml.target"
#define URL_TYPE "rcml.url"
#define SPEECH_TYPE "rcml.speech"
#define ERROR_TYPE "rcml.error"

/* An agent as Lua holds it. Its parts (below) hang on the userdata, not in the registry: an agent whose handlers
 * refer to it is still collected. */
typedef struct agent_box {
  rcml_agent *handle;   /* NULL = closed */
  double next_deadline; /* no wait ends before this; monotonic seconds, below 0 = none */
  bool dispatching;     /* a handler is running */
  bool drained;         /* the last event was handed out */
  lua_State *running;   /* the coroutine of ours that runs now, NULL = none */
  int watched, alarm;   /* watch.c: what a foreign loop watches; below 0 = not asked for */
} agent_box;

/* compat.c: one spelling for 5.1, LuaJIT, 5.3 and 5.4 */
void compat_set_parts(lua_State *L, int index);
void compat_get_parts(lua_State *L, int index);
int compat_resume(lua_State *co, lua_State *from, int arguments, int *results);
void compat_methods(lua_State *L, const luaL_Reg *methods);
void compat_add_methods(lua_State *L, const char *type, const luaL_Reg *methods);
size_t compat_length(lua_State *L, int index);
int compat_absolute(lua_State *L, int index);
void compat_traceback(lua_State *L, lua_State *co, const char *message);
bool compat_has_type(lua_State *L, int index, const char *type);
void compat_new_type(lua_State *L, const char *type, const luaL_Reg *meta, const luaL_Reg *methods);
void push_id(lua_State *L, uint64_t id);
uint64_t to_id(lua_State *L, int index);

/* failure.c: expected failures are `nil, err`; misuse is an error at the caller's line */
int fail(lua_State *L, int32_t code, const rcml_error *error);
void push_failure(lua_State *L, int32_t code, const char *message);
int done_or_fail(lua_State *L, int32_t code, const rcml_error *error);
int misuse(lua_State *L, int level, const char *function, const char *message);
void failure_open(lua_State *L);

/* Octets that grow; `failed` when memory did not suffice. */
typedef struct buffer {
  char *bytes;
  size_t length, capacity;
  bool failed;
} buffer;

/* document.c: text or table to rcml_document; check, replay, ladder, messages */
void read_document(lua_State *L, int index, rcml_document *document);
int module_check(lua_State *L);
int module_replay(lua_State *L);
int module_ladder(lua_State *L);
int module_messages(lua_State *L);
void buffer_append(buffer *b, const void *bytes, size_t length);
void buffer_string(buffer *b, const char *text);
void push_buffers(lua_State *L, buffer *first, buffer *second);

/* simulate.c */
int module_simulate(lua_State *L);

/* parts.c: what hangs on an agent, by name: fields, handlers, served, serving, calls, waiting, loop */
void push_part(lua_State *L, int agent, const char *part);
void parts_new(lua_State *L, int agent);

/* event.c: an event as a table, and whom it is about */
void push_event(lua_State *L, int agent, const rcml_event *event);
void push_fields(lua_State *L, const rcml_event *event);
void push_call(lua_State *L, int agent, rcml_call_id id);
void push_leg(lua_State *L, int call, rcml_leg_id id);

/* handler.c: handlers and coroutines, each protected */
void deliver(lua_State *L, int agent, const rcml_event *event);
void spawn(lua_State *L, int agent, int arguments, int request);
void resume(lua_State *L, int agent, int thread, int arguments, bool ours);
bool push_resumer(lua_State *L);
void report(lua_State *L, int agent);
void raise_kept_failure(lua_State *L, int agent);
bool is_wait_mark(lua_State *L, int index);
void tell_loop(lua_State *L, int agent);

/* wait.c: what waits for an event */
void wake(lua_State *L, int agent, int call, int event);
void expire_waits(lua_State *L, int agent);
void end_waits(lua_State *L, int agent);
void wait_open(lua_State *L);
double monotonic_seconds(void);

/* watch.c: one descriptor for the agent and for the ends of its waits */
int watch_descriptor(agent_box *box);
void watch_deadline(agent_box *box, double deadline);
void watch_close(agent_box *box);

/* linger.c: goodbyes of agents that were closed with calls under way */
void linger(rcml_agent *handle);
bool linger_give_up(void);

/* agent.c */
agent_box *check_agent(lua_State *L, int index);
agent_box *check_open_agent(lua_State *L, int index);
int agent_turn(lua_State *L, int agent, double until);
int module_agent(lua_State *L);
void agent_open(lua_State *L);

/* counters.c */
int agent_counters(lua_State *L);
int agent_metrics(lua_State *L);
int module_metrics(lua_State *L);

/* call.c, request.c */
void call_open(lua_State *L);
void request_open(lua_State *L);
void request_answer_results(lua_State *L, int agent, int request, int first, int count);
void serve_request(lua_State *L, int agent, int request);

/* host.c: parties of the program's own; opened after the types of agents, calls and legs */
int agent_host_call(lua_State *L);
void host_open(lua_State *L);

/* question.c */
void new_question(lua_State *L, int agent, const rcml_event *event);
agent_box *asked(lua_State *L, int question, rcml_request_id *id);

/* target.c */
void target_open(lua_State *L);
void push_target(lua_State *L, int agent, const rcml_event *event);
void target_answer_results(lua_State *L, int question, int first, int count);

/* url.c */
void url_open(lua_State *L);
void push_url(lua_State *L, int agent, const rcml_event *event);
void url_answer_results(lua_State *L, int question, int first, int count);

/* speech.c */
void speech_open(lua_State *L);
void push_speech(lua_State *L, int agent, const rcml_event *event);
void speech_answer_results(lua_State *L, int question, int first, int count);

/* credentials.c */
void credentials_open(lua_State *L);
void push_credentials(lua_State *L, int agent, const rcml_event *event);
void credentials_answer_results(lua_State *L, int question, int first, int count);

#endif
