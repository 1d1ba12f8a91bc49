/* variables.c: what the dialplan gives us and gets from us. */

#include "app_rcml.h"

#include "asterisk/callerid.h"
#include "asterisk/causes.h"
#include "asterisk/chanvars.h"
#include "asterisk/pbx.h"
#include "asterisk/utils.h"

/* A channel variable of this kind is a header field: RCML_HEADER_X-Tenant, and RCML_HEADER_X_Tenant, since names of
 * variables with a hyphen cannot stand in expressions. */
static const char header_prefix[] = "RCML_HEADER_";

static const char *const names[] = {
  "RCMLSTATUS", "RCMLREASON", "RCMLSIPCODE", "RCMLCALLSID", "RCMLHANGUPBY", "RCMLDURATION", "RCMLDIALSTATUS",
  "RCMLDIALSIPCODE", "RCMLDIALDURATION", "RCMLDIALTO", "RCMLDIALREASON", "RCMLRECORDING",
};

/* ---- Form-encoded text ------------------------------------------------------------------------------------ */

static void append_escaped(struct ast_str **form, const char *text) {
  for (; *text; text++) {
    const unsigned char octet = (unsigned char)*text;
    if (isalnum(octet) || strchr("-._~", octet)) ast_str_append(form, 0, "%c", octet);
    else ast_str_append(form, 0, "%%%02X", octet);
  }
}

void variables_append(struct ast_str **form, const char *name, const char *value) {
  if (ast_str_strlen(*form)) ast_str_append(form, 0, "&");
  append_escaped(form, name);
  ast_str_append(form, 0, "=");
  append_escaped(form, value);
}

void variables_each(
    const char *form, void (*function)(void *context, const char *name, const char *value), void *context) {
  char *rest = ast_strdup(form), *memory = rest, *pair;
  while ((pair = strsep(&rest, "&"))) {
    char *value = strchr(pair, '=');
    if (!value) continue;
    *value++ = '\0';
    ast_uri_decode(pair, ast_uri_http_legacy);
    ast_uri_decode(value, ast_uri_http_legacy);
    if (*pair) function(context, pair, value);
  }
  ast_free(memory);
}

/* ---- From the channel ------------------------------------------------------------------------------------- */

static void read_headers(struct ast_channel *channel, struct ast_str **headers) {
  struct ast_var_t *variable;
  AST_LIST_TRAVERSE(ast_channel_varshead(channel), variable, entries) {
    const char *name = ast_var_name(variable);
    char field[128], *underscore;
    if (strncmp(name, header_prefix, strlen(header_prefix))) continue;
    ast_copy_string(field, name + strlen(header_prefix), sizeof(field));
    for (underscore = field; (underscore = strchr(underscore, '_')); ) *underscore = '-';
    if (field[0]) variables_append(headers, field, ast_var_value(variable));
  }
}

void variables_read(struct ast_channel *channel, struct caller_texts *texts) {
  const struct ast_party_id *caller, *diverting;
  memset(texts, 0, sizeof(*texts));
  texts->headers = ast_str_create(256);
  ast_channel_lock(channel);
  caller = &ast_channel_caller(channel)->id;
  diverting = &ast_channel_redirecting(channel)->from;
  ast_copy_string(texts->from, S_COR(caller->number.valid, caller->number.str, ""), sizeof(texts->from));
  ast_copy_string(texts->name, S_COR(caller->name.valid, caller->name.str, ""), sizeof(texts->name));
  texts->withheld = (ast_party_id_presentation(caller) & AST_PRES_RESTRICTION) == AST_PRES_RESTRICTED;
  ast_copy_string(texts->to, ast_channel_exten(channel), sizeof(texts->to));
  if (diverting->number.valid && !ast_strlen_zero(diverting->number.str))
    snprintf(texts->diversion, sizeof(texts->diversion), "<tel:%s>", diverting->number.str);
  ast_copy_string(texts->channel, ast_channel_name(channel), sizeof(texts->channel));
  ast_copy_string(texts->identity, ast_channel_uniqueid(channel), sizeof(texts->identity));
  if (texts->headers) read_headers(channel, &texts->headers);
  ast_channel_unlock(channel);
}

void variables_forget(struct caller_texts *texts) {
  ast_free(texts->headers);
  texts->headers = NULL;
}

/* ---- To the channel --------------------------------------------------------------------------------------- */

void variables_clear(struct ast_channel *channel) {
  size_t index;
  ast_channel_lock(channel);
  for (index = 0; index < ARRAY_LEN(names); index++) pbx_builtin_setvar_helper(channel, names[index], NULL);
  ast_channel_unlock(channel);
}

static void set_number(struct ast_channel *channel, const char *name, int32_t number) {
  char digits[16];
  snprintf(digits, sizeof(digits), "%d", number);
  pbx_builtin_setvar_helper(channel, name, digits);
}

void variables_of_event(struct ast_channel *channel, const rcml_channel_event *event) {
  ast_channel_lock(channel);
  if (event->kind == RCML_CHANNEL_DIAL) {
    pbx_builtin_setvar_helper(channel, "RCMLDIALSTATUS", event->status);
    pbx_builtin_setvar_helper(channel, "RCMLDIALREASON", event->reason);
    pbx_builtin_setvar_helper(channel, "RCMLDIALTO", event->to);
    set_number(channel, "RCMLDIALSIPCODE", event->sip_code);
    set_number(channel, "RCMLDIALDURATION", event->duration);
  } else if (event->kind == RCML_CHANNEL_RECORDING) {
    /* Told when it begins, too: its end comes behind that of the call. */
    pbx_builtin_setvar_helper(channel, "RCMLRECORDING", strcmp(event->status, "absent") ? event->url : NULL);
  } else if (event->kind == RCML_CHANNEL_OVER) {
    pbx_builtin_setvar_helper(
        channel, "RCMLSTATUS", strcmp(event->reason, "no-document") ? event->status : "NODOCUMENT");
    pbx_builtin_setvar_helper(channel, "RCMLREASON", event->reason);
    pbx_builtin_setvar_helper(channel, "RCMLHANGUPBY", event->hangup_by);
    set_number(channel, "RCMLSIPCODE", event->sip_code);
    set_number(channel, "RCMLDURATION", event->duration);
  }
  ast_channel_unlock(channel);
}

void variables_of_failure(struct ast_channel *channel, const rcml_error *error) {
  const char *status = "UNAVAILABLE", *reason = "stopped";
  int cause = AST_CAUSE_FAILURE;
  if (error->code == RCML_E_LIMIT) {
    status = "BUSY";
    reason = "limit";
    cause = AST_CAUSE_NORMAL_CIRCUIT_CONGESTION;
  } else if (error->code == RCML_E_FILE || error->code == RCML_E_ARGUMENT || error->code == RCML_E_URI
             || error->code == RCML_E_DOCUMENT) {
    status = "NODOCUMENT";
    reason = "no-document";
  }
  ast_channel_lock(channel);
  pbx_builtin_setvar_helper(channel, "RCMLSTATUS", status);
  pbx_builtin_setvar_helper(channel, "RCMLREASON", reason);
  ast_channel_hangupcause_set(channel, cause);
  ast_channel_unlock(channel);
}

void user_of(const char *uri, char *buffer, size_t size) {
  const char *start = strchr(uri, '<');
  char *end;
  start = start ? start + 1 : uri;
  if (!strncmp(start, "sip:", 4) || !strncmp(start, "tel:", 4)) start += 4;
  else if (!strncmp(start, "sips:", 5)) start += 5;
  ast_copy_string(buffer, start, size);
  end = buffer + strcspn(buffer, "@;>?");
  *end = '\0';
  ast_uri_decode(buffer, ast_uri_sip_user);
}
