/// Why the machine, or the host, could not do what was asked: a kind to act on and a sentence to read.
public struct ReactorError: Error, Hashable, Sendable {
  public enum Kind: UInt8, Hashable, Sendable {
    /// The reactor belongs to the process that made it; this is a child of it (failures H6).
    case forked
    /// `close` was called.
    case closed
    /// A listener address that cannot be read (spec Q-4).
    case address
    /// The port is taken, not permitted, or the address is none of this machine's.
    case bind
    /// A file cannot be written.
    case file
    /// Something that has to be the first thing came later.
    case late
    /// The operating system refused descriptors, memory, threads or entropy.
    case system
  }

  public var kind: Kind
  public var text: String

  public init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }

  static let forked = ReactorError(
    .forked, "this agent belongs to the parent process; make a new one after fork()")
  static let closed = ReactorError(.closed, "this agent has been closed")
  static func loop(_ code: Int32) -> ReactorError {
    ReactorError(.system, "the loop cannot be made: \(errorText(code))")
  }
  static let memory = ReactorError(.system, "there is no memory for the loop's buffers")
}
