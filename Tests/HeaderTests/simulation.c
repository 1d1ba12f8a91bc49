/* A document against scripted phones, as a C program sees it (E-7). */
#include "check.h"

typedef struct seen {
  int events, requests, keys;
  int64_t last;
  size_t ladder;
} seen;

static void happened(void *context, int64_t at_ms, const rcml_event *event) {
  seen *s = (seen *)context;
  CHECK(event->struct_size == sizeof(rcml_event));
  CHECK(event->name && event->status && event->body && event->realm && event->language);
  if (event->kind == RCML_EVENT_DIGIT) {
    CHECK(strcmp(event->name, "7") == 0 && event->leg == 0 && at_ms == 1000);
    s->keys++;
  }
  CHECK(at_ms >= s->last);
  s->last = at_ms;
  s->events++;
  if (event->kind == RCML_EVENT_REQUEST) {
    CHECK(event->code == 204 && event->request == 0);
    s->requests++;
  }
}

static void drawn(void *context, const char *text, size_t length) {
  CHECK(text != NULL);
  ((seen *)context)->ladder += length;
}

int main(void) {
  rcml_error error = RCML_ERROR_INIT;
  rcml_document document = RCML_DOCUMENT_INIT;
  rcml_simulation simulation = RCML_SIMULATION_INIT;
  rcml_simulated_answer answer = RCML_SIMULATED_ANSWER_INIT;
  const rcml_simulated_answer *answers[1];
  const char *outcomes[] = {"1:180,after=2:200,after=5:bye"};
  const char *settings[] = {"answer_mode=immediate"};
  seen told;
  memset(&told, 0, sizeof told);
  CHECK(rcml_simulate(NULL, NULL, NULL, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(rcml_simulate(&simulation, NULL, NULL, NULL, &error) == RCML_E_ARGUMENT);
  document.text = "<Response><Dial action='http://example.com/'><Sip>sip:alice@example.com</Sip></Dial></Response>";
  simulation.document = &document;
  simulation.outcomes = outcomes;
  simulation.outcome_count = 1;
  simulation.settings = settings;
  simulation.setting_count = 1;
  answer.url = "*";
  answer.status = 204;
  answers[0] = &answer;
  simulation.answers = answers;
  simulation.answer_count = 1;
  CHECK(rcml_simulate(&simulation, happened, drawn, &told, &error) == RCML_OK);
  CHECK(told.events > 5 && told.requests == 1 && told.ladder > 500);
  CHECK(told.last == 7000);
  CHECK(rcml_simulate(&simulation, NULL, NULL, NULL, NULL) == RCML_OK);
  outcomes[0] = "0:after=1:key=7,after=1:bye";
  document.text = "<Response><Gather timeout='9'/><Pause length='60'/></Response>";
  memset(&told, 0, sizeof told);
  CHECK(rcml_simulate(&simulation, happened, drawn, &told, &error) == RCML_OK);
  CHECK(told.keys == 1 && told.last == 2000);
  outcomes[0] = "0:200";
  CHECK(rcml_simulate(&simulation, NULL, NULL, NULL, &error) == RCML_E_ARGUMENT);
  outcomes[0] = "1:180,after=x:200";
  CHECK(rcml_simulate(&simulation, NULL, NULL, NULL, &error) == RCML_E_ARGUMENT);
  CHECK(error.column == 7 && strstr(error.message, "after=SECONDS"));
  outcomes[0] = NULL;
  CHECK(rcml_simulate(&simulation, NULL, NULL, NULL, &error) == RCML_E_ARGUMENT);
  return 0;
}
