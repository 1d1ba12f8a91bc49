import RCMLBasics
import RCMLDocument

/// What the host is told; it pulls these at its own pace.
public enum HostEvent: Equatable, Sendable {
  case onCall(CallNumber, CallEvent)
  /// To be answered with `Command.answer` under its number.
  case question(QuestionID, CallNumber, Question)
  /// A warning or error of a document or a request.
  case finding(CallNumber?, Finding)
  /// A SIP message, when the setting `transport_log` is on: secrets masked.
  case message(sent: Bool, Transport, peer: SocketAddress, text: [UInt8])
  /// A message from the network that was dropped or refused.
  case refused(Reason, from: SocketAddress)
  /// `drain` or `stop`: the last call has ended.
  case drained
}
