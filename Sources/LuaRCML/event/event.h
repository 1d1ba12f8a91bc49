/* Layer 5: what happened as Lua sees it, and the types of what is asked, each with its answer. */
#ifndef RCML_LUA_EVENT_H
#define RCML_LUA_EVENT_H

#include "../object/object.h"

#define REQUEST_TYPE "rcml.request"
#define CREDENTIALS_TYPE "rcml.credentials"
#define TARGET_TYPE "rcml.target"
#define URL_TYPE "rcml.url"
#define SPEECH_TYPE "rcml.speech"
#define VERB_TYPE "rcml.verb"

/* event.c: an event as a table, and whom it is about */
void push_event(lua_State *L, int agent, const rcml_event *event);
void push_fields(lua_State *L, const rcml_event *event);

/* What each question says, and how what a function returned answers it. */
void request_open(lua_State *L);
void push_request(lua_State *L, int agent, const rcml_event *event);
void request_answer_results(lua_State *L, int request, int first, int count);

void target_open(lua_State *L);
void push_target(lua_State *L, int agent, const rcml_event *event);
void target_answer_results(lua_State *L, int question, int first, int count);

void url_open(lua_State *L);
void push_url(lua_State *L, int agent, const rcml_event *event);
void url_answer_results(lua_State *L, int question, int first, int count);

void speech_open(lua_State *L);
void push_speech(lua_State *L, int agent, const rcml_event *event);
void speech_answer_results(lua_State *L, int question, int first, int count);

void verb_open(lua_State *L);
void push_verb(lua_State *L, int agent, const rcml_event *event);
void verb_answer_results(lua_State *L, int question, int first, int count);

void credentials_open(lua_State *L);
void push_credentials(lua_State *L, int agent, const rcml_event *event);
void credentials_answer_results(lua_State *L, int question, int first, int count);

#endif
