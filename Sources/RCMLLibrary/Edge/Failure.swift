import CRCML
import RCMLAgent
import RCMLReactor

/// Why a function of the header refuses: its result, and a sentence for the caller's `rcml_error`.
struct Failure: Error {
  var code: Int32
  var text: String
  var sipStatus: Int32 = 0
  var line: Int32 = 0
  var column: Int32 = 0

  init(_ code: rcml_status, _ text: String) {
    self.code = code.rawValue
    self.text = text
  }

  /// The agent's refusals carry numbers of the catalogue; a result is the number below zero.
  init(_ refusal: Refusal) {
    code = refusal.code > 0 ? -refusal.code : refusal.code
    if code == 0 { code = RCML_E_STATE.rawValue }
    text = refusal.text
  }

  init(_ problem: ReactorError) {
    text = problem.text
    switch problem.kind {
    case .forked: code = RCML_E_FORK.rawValue
    case .closed: code = RCML_E_CLOSED.rawValue
    case .address: code = RCML_E_ADDRESS.rawValue
    case .bind: code = RCML_E_BIND.rawValue
    case .file: code = RCML_E_FILE.rawValue
    case .late: code = RCML_E_STATE.rawValue
    case .system: code = RCML_E_SYSTEM.rawValue
    }
  }

  init(_ problem: JournalError) {
    var code = RCML_E_JOURNAL
    if case .noSuchCall = problem { code = RCML_E_GONE }
    self.init(code, problem.description)
  }

  static let notAnAgent = Failure(
    RCML_E_HANDLE,
    "This is no agent, or it has been destroyed: use what rcml_agent_create returned.")
  static let forked = Failure(
    RCML_E_FORK, "The agent belongs to the parent process: make one in this process.")
  static let busy = Failure(
    RCML_E_BUSY, "The agent is in use by another thread, or by the function this is called from.")

  static let noMemory = Failure(
    RCML_E_SYSTEM, "The system gives no memory: nothing was done; free some, or destroy agents.")

  static func missing(_ what: String) -> Failure { Failure(RCML_E_ARGUMENT, "\(what) is NULL.") }

  /// Fills the caller's struct as far as it says it goes, and is the result.
  @discardableResult
  func write(to error: UnsafeMutablePointer<rcml_error>?) -> Int32 {
    guard let error, let room = SizedStruct.size(of: error) else { return code }
    let raw = UnsafeMutableRawPointer(error)
    func put(_ value: Int32, _ member: PartialKeyPath<rcml_error>) {
      guard let offset = MemoryLayout<rcml_error>.offset(of: member), offset + 4 <= room else {
        return
      }
      raw.storeBytes(of: value, toByteOffset: offset, as: Int32.self)
    }
    put(code, \rcml_error.code)
    put(sipStatus, \rcml_error.sip_status)
    put(line, \rcml_error.line)
    put(column, \rcml_error.column)
    if let offset = MemoryLayout<rcml_error>.offset(of: \rcml_error.message), offset < room {
      let space = min(room - offset, MemoryLayout.size(ofValue: error.pointee.message))
      CText.copy(text, to: raw + offset, room: space)
    }
    return code
  }
}
