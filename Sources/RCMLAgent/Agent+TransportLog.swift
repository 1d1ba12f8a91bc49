import RCMLBasics

/// SIP messages for the host's eyes (setting `transport_log`), credentials masked.
extension Agent {
  func logReceived(
    _ transport: Transport, _ peer: SocketAddress, _ bytes: UnsafeRawBufferPointer
  ) {
    guard settings.transportLog else { return }
    log(sent: false, transport, peer, Array(bytes))
  }

  func logSent(_ transport: Transport, _ peer: SocketAddress, _ bytes: [UInt8]) {
    guard settings.transportLog else { return }
    log(sent: true, transport, peer, bytes)
  }

  private func log(sent: Bool, _ transport: Transport, _ peer: SocketAddress, _ bytes: [UInt8]) {
    let mask = SecretMask()
    tell(.message(sent: sent, transport, peer: peer, text: mask.message(bytes)))
  }
}
