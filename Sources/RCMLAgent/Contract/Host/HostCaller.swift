import RCMLBasics

/// A caller whom the host has on a line of its own.
package struct HostCaller: Hashable, Sendable {
  /// A URI, or a number or name.
  package var from: String
  package var to: String
  /// Its display name; empty = none.
  package var name: String
  package var media: HostMedia
  /// Its offer; empty = it brings none, and answers ours.
  package var sdp: [UInt8]

  /// What an INVITE of it would have brought (spec X-20).
  package var headers: [HeaderLine] = []
  /// Parties are not to be shown it (spec U-3).
  package var isPrivate = false
  /// It is answered already.
  package var isAnswered = false
  /// Of the call, instead of the agent's (spec Q-35).
  package var settings: [CallSetting] = []

  package init(
    from: String, to: String, name: String = "", media: HostMedia, sdp: [UInt8] = []
  ) {
    self.from = from
    self.to = to
    self.name = name
    self.media = media
    self.sdp = sdp
  }
}
