/* What was meant: "did you mean", and tables whose fields are known. */
#include "value.h"

#include <string.h>

enum { LONGEST = 40 };

static int least(int a, int b) { return a < b ? a : b; }

/* Letters to be changed, put in or left out; two neighbours changed round count once. */
static int distance(const char *a, const char *b) {
  int rows[3][LONGEST + 1], i, j, m = (int)strlen(a), n = (int)strlen(b);
  for (j = 0; j <= n; j++) rows[1][j] = j;
  for (i = 1; i <= m; i++) {
    int *before = rows[(i + 2) % 3], *last = rows[i % 3], *row = rows[(i + 1) % 3];
    row[0] = i;
    for (j = 1; j <= n; j++) {
      row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + (a[i - 1] != b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = least(row[j], before[j - 2] + 1);
    }
  }
  return rows[(m + 1) % 3][n];
}

/* A word that is a little nearer than the one before it takes its place; `best` begins with how much may be changed. */
void consider(const char *word, const char *other, const char **found, int *best) {
  int changed;
  if (strlen(word) > LONGEST || strlen(other) > LONGEST) return;
  changed = distance(word, other);
  if (changed >= *best) return;
  *best = changed;
  *found = other;
}

/* One more than may be changed of a word. */
int spelling_bound(const char *word) {
  int length = (int)strlen(word);
  return (length <= 3 ? 1 : length / 3 > 2 ? length / 3 : 2) + 1;
}

static const char *nearest(const char *word, const char *const *words) {
  const char *found = NULL;
  int best = spelling_bound(word), i;
  for (i = 0; words[i]; i++) consider(word, words[i], &found, &best);
  return found;
}

/* Pushes " Did you mean 'from'?", or nothing of it. */
void push_question(lua_State *L, const char *meant) {
  if (meant) lua_pushfstring(L, "; did you mean '%s'?", meant);
  else lua_pushliteral(L, "");
}

/* The same, of a list. */
void push_suggestion(lua_State *L, const char *word, const char *const *words) {
  push_question(L, nearest(word, words));
}

/* The table at `table` has no fields but these: what is misspelt would be left out without a word. */
void check_fields(lua_State *L, int table, int argument, const char *const *names) {
  lua_pushnil(L);
  while (lua_next(L, table)) {
    const char *name;
    int i;
    lua_pop(L, 1);
    if (lua_type(L, -1) != LUA_TSTRING) luaL_argerror(L, argument, "its fields are name = value");
    name = lua_tostring(L, -1);
    for (i = 0; names[i] && strcmp(names[i], name) != 0; i++) {}
    if (names[i]) continue;
    push_suggestion(L, name, names);
    luaL_argerror(L, argument, lua_pushfstring(L, "no field '%s'%s", name, lua_tostring(L, -1)));
  }
}
