/// An entry of the catalogue as the header hands it out.
struct CatalogueWords {
  var code: Int32
  var name: String
  var text: String
  var cause: String
  var fix: String
}

/// What the functions of the header come to (`rcml_status`), in words.
enum LibraryEntries {
  static let all: [CatalogueWords] = [
    entry(
      1, "argument",
      "An argument is missing or out of its range, or a struct was not set up with its RCML_..._INIT.",
      "NULL where something is needed, a length that is none, a struct with a struct_size of 0.",
      "Look the function up in the manual; in C set structs up with their RCML_..._INIT."),
    entry(
      2, "handle", "This is not an agent, or it has been destroyed.",
      "rcml_agent_destroy was called, or the pointer comes from somewhere else.",
      "Use what rcml_agent_create returned, and forget it when you destroy it."),
    entry(
      3, "gone", "The call, leg or request has ended.",
      "It ended by itself before you used its id; ids are never used again.",
      "Nothing to do: its last event has told, or will tell, how it ended."),
    entry(
      4, "state", "That is not possible in this state.",
      "An answered call cannot be rejected, a journal cannot begin in the middle, and the like.",
      "Read the message; look at the call with rcml_call_state."),
    entry(
      5, "busy", "The agent is in use by somebody else.",
      "Another thread is inside the agent, or you called from a wake function.",
      "Drive an agent from one thread at a time; let a wake function only wake."),
    entry(
      6, "fork", "The agent belongs to the parent process.",
      "The process forked after the agent was made.",
      "Make an agent in each process that needs one, after the fork."),
    entry(
      7, "setting", "There is no such setting, or it cannot have this value.",
      "A misspelled name, a value out of its range, or a program or folder that is not there.",
      "The message names the nearest setting, or what it may be; rcml settings lists them all."),
    entry(
      8, "address", "A listener address cannot be read.",
      "It is not of the form transport:address:port.",
      "Write udp:127.0.0.1:5060 or tcp:[::1]:5060; port 0 takes any free one."),
    entry(
      9, "uri", "A party or URL cannot be read.",
      "A SIP URI needs a host and may not hold spaces; a URL begins with http:, https: or host:.",
      "Write sip:alice@192.0.2.7:5060, or https://example.com/voice."),
    entry(
      10, "bind", "The port is taken, or the address is not ours.",
      "Another program listens there, the address is of another machine, or ports below 1024 are not allowed.",
      "Choose another port, or 0 for any free one; end the other program."),
    entry(
      11, "limit", "A bound of the engine is reached.",
      "More calls, targets or octets than the engine takes.",
      "Wait for calls to end, or raise the setting that the message names."),
    entry(
      12, "closed", "The agent takes no new calls, or has stopped.",
      "rcml_agent_drain or rcml_agent_stop was called.",
      "Make a new agent for new calls."),
    entry(
      13, "file", "A file cannot be read or written.",
      "It does not exist, is not ours to use, or the disk is full.",
      "The message names the file and the reason."),
    entry(
      14, "document", "The document would not run.",
      "It is not RCML: broken XML, no <Response>, too large.",
      "rcml check shows each place, and what to write instead."),
    entry(
      15, "journal", "This is not a journal, or it is damaged.",
      "Another file, or one that was changed after it was written.",
      "Give the file that rcml_agent_journal or --journal has written."),
    entry(
      16, "differs", "The replay did something else than the journal says.",
      "The journal was written by another version, or there is a fault in the engine.",
      "Replay it with the version that wrote it; if it differs there, too, please report it with the journal."
    ),
    entry(
      17, "system", "The operating system refused something.",
      "No descriptors, memory or threads are left.",
      "Raise the limits of the process (ulimit -n), or use fewer agents."),
    entry(
      18, "unsupported", "This version cannot do that.",
      "It is not built in: DTLS-SRTP is not.",
      "Do without it, or put something before this program that has it; the README has a table."),
  ]

  private static func entry(
    _ code: Int32, _ name: String, _ text: String, _ cause: String, _ fix: String
  ) -> CatalogueWords {
    CatalogueWords(code: code, name: name, text: text, cause: cause, fix: fix)
  }
}
