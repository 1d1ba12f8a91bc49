import RCMLBasics

/// What our messages show of ourselves (spec T-5).
extension SessionLayer {
  /// Contact of our requests and dialog-making responses.
  func writeContact(_ session: Session, on path: Path, to header: inout HeaderWriter) {
    transport.writeContact(on: path, to: &header)
    warnOfShown(.contact, transport.contactHost(on: path), to: path, session)
  }

  /// The same description with our address on this way, where it describes streams of our own.
  func placed(_ body: [UInt8], of session: Session, on path: Path?) -> [UInt8] {
    if let path, session.description.isPlaced, !body.isEmpty {
      warnOfShown(.description, path.shown, to: path, session)
    }
    return session.description.placed(body, on: path)
  }

  private func warnOfShown(
    _ subject: InnerAddress, _ shown: [UInt8], to path: Path, _ session: Session
  ) {
    let peer = path.flow.remote
    guard !peer.isOfInnerNetwork, !peer.isLoopback, Listener.isInner(shown) == true else { return }
    let host = HostText.host(ofHostPort: shown)
    if isNews(subject, host) { tell(session, .innerAddressShown(subject, host: host)) }
  }
}
