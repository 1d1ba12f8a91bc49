import RCMLSIP

extension NetworkInput {
  /// A datagram that may wait while there is more to do than time: it would begin a call. Whatever belongs to calls, and
  /// whoever asks how we are, goes before it (spec Y-9).
  public static func mayWait(_ bytes: UnsafeRawBufferPointer) -> Bool {
    InviteScan.beginsCall(bytes)
  }

  /// The same for what must not overtake an INVITE of its sender.
  public static func followsInvites(_ bytes: UnsafeRawBufferPointer) -> Bool {
    InviteScan.isCancel(bytes)
  }
}
