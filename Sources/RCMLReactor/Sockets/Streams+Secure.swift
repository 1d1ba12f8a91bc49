import RCMLAgent
import RCMLBasics

/// TLS between a connection and the core (spec T-8): the core hears of a connection when its peer has proved who it is, and
/// from then on of plain octets.
extension Streams {
  /// The core wants a connection with whoever proves to be `domain`.
  func openSecured(
    _ id: ConnectionID, to destination: SocketAddress, domain: [UInt8], _ turn: Turn
  ) {
    switch handshakes.connect(domain, at: destination.text, turn.now) {
    case .success(let secure): open(id, to: destination, secure: secure, turn)
    case .failure(let failure): turn.tell(.network(.streamFailed(id, failure)))
    }
  }

  /// One roomful of the wire.
  func take(
    _ bytes: UnsafeRawBufferPointer, _ secure: SecureStream, _ connection: StreamSocket,
    into room: UnsafeMutableRawBufferPointer, _ turn: Turn
  ) {
    secure.receive(bytes)
    if connection.state == .securing { shake(secure, connection, turn) }
    while connections[connection.id] === connection, connection.state == .open {
      let (count, state) = secure.read(into: room)
      guard count > 0 else { return readAll(secure, connection, state, turn) }
      turn.feed(
        .network(
          .streamBytes(connection.id, bytes: UnsafeRawBufferPointer(rebasing: room[..<count]))))
    }
  }

  /// Nothing more can be made of what came.
  private func readAll(
    _ secure: SecureStream, _ connection: StreamSocket, _ state: SecureStream.State, _ turn: Turn
  ) {
    flush(secure, connection, turn)
    guard connections[connection.id] === connection else { return }
    switch state {
    case .goesOn, .open: break
    case .ended: endReading(connection, isReset: false, turn)
    case .failed:
      let failure = secure.failure
      lose(connection, because: failure == .tlsRefused ? failure : .lost, turn)
    }
  }

  /// The handshake, as far as it can go.
  func shake(_ secure: SecureStream, _ connection: StreamSocket, _ turn: Turn) {
    let state = secure.shake()
    // What is wrong the peer is told as well.
    flush(secure, connection, turn)
    guard connections[connection.id] === connection else { return }
    switch state {
    case .goesOn: break
    case .ended, .failed:
      lose(connection, because: state == .ended ? .lost : secure.failure, turn)
    case .open: opened(secure, connection, turn)
    }
  }

  private func opened(_ secure: SecureStream, _ connection: StreamSocket, _ turn: Turn) {
    let names = secure.peerNames
    handshakes.left(connection.id)
    handshakes.succeeded(secure)
    connection.state = .open
    connection.deadline = .distantFuture
    if let (listener, local) = connection.entrance {
      turn.feed(
        .network(
          .streamAccepted(connection.id, listener, local: local, remote: connection.remote)))
      guard connections[connection.id] === connection else { return }
      turn.feed(.network(.streamSecured(connection.id, peer: names)))
    } else {
      turn.tell(.network(.streamSecured(connection.id, peer: names)))
      turn.tell(.network(.streamConnected(connection.id, local: local(of: connection))))
    }
  }

  /// Sends what TLS has made.
  func flush(_ secure: SecureStream, _ connection: StreamSocket, _ turn: Turn) {
    secure.takeOutput { push($0, to: connection, turn) }
  }
}
