import RCMLBasics

/// What our messages show of ourselves (spec T-5).
extension SessionLayer {
  /// Contact of our requests and dialog-making responses.
  func writeContact(_ session: Session, on path: Path, to header: inout HeaderWriter) {
    transport.writeContact(on: path, isSips: session.identity.isSips, to: &header)
    warnOfShown(.contact, transport.contactHost(on: path), to: path, session)
  }

  /// The same description with our address on this way, where it describes streams of our own.
  func placed(_ body: [UInt8], of session: Session, on path: Path?) -> [UInt8] {
    if let path, !body.isEmpty {
      if session.description.isPlaced {
        warnOfShown(.description, path.shown, to: path, session)
      } else {
        warnOfRelayed(body, to: path, session)
      }
    }
    return session.description.placed(body, on: path)
  }

  private func warnOfShown(
    _ subject: InnerAddress, _ shown: [UInt8], to path: Path, _ session: Session
  ) {
    guard path.flow.remote.isOutside, Listener.isInner(shown) == true else { return }
    let host = HostText.host(ofHostPort: shown)
    if isNews(subject, host) { tell(session, .innerAddressShown(subject, host: host)) }
  }

  /// Once for each address of ours, whatever phones there are.
  private func warnOfRelayed(_ body: [UInt8], to path: Path, _ session: Session) {
    guard path.flow.remote.isOutside else { return }
    let own = HostText.host(ofHostPort: path.shown)
    guard !isTold(.relayed, own), let host = SessionDescription.innerPlace(in: body) else { return }
    if isNews(.relayed, own) { tell(session, .innerAddressShown(.relayed, host: host)) }
  }
}

extension SocketAddress {
  /// Neither in an inner network nor on this machine.
  fileprivate var isOutside: Bool { !isOfInnerNetwork && !isLoopback }
}
