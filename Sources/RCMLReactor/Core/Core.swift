import RCMLAgent
import RCMLBasics

/// What the reactor drives: the contract of the core (architecture §3), so that its tests need no SIP.
///
/// Bound to classes: a call through it is one indirect call, without a copy and without an allocation.
public protocol Core: AnyObject {
  var journal: JournalWriter? { get set }
  func takeJournal() -> [UInt8]
  func handle(_ input: Input, at now: Instant)
  func perform(_ command: Command, at now: Instant) -> Result<CommandResult, Refusal>
  func nextOutput() -> Output?
  var nextDeadline: Deadline? { get }
  /// Octets the process may have; 0 = any number.
  var memoryLimit: Int { get }
  var fileLimits: FileLimits { get }
  /// The files of TLS, and who has to prove what.
  var streamSecurity: StreamSecurity { get }
  /// Where SIP messages are mirrored to; nil = nowhere.
  var mirrorTarget: MirrorTarget? { get }
  /// The next of them, once it has said all.
  func nextMirrored() -> MirroredMessage?
}

extension Agent: Core {}
