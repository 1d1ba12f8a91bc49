import RCMLBasics

/// Transactions of both sides (RFC 3261 §17): it knows the transport below, and of the sessions above no more than the
/// number that each request was given.
final class TransactionLayer {
  let clients: ClientTransactions
  let servers: ServerTransactions
  let stateless: StatelessResponses
  private let events = EventQueue<TransactionEvent>()

  init(context: UserAgentContext, transport: TransportLayer) {
    clients = ClientTransactions(context: context, transport: transport, events: events)
    servers = ServerTransactions(context: context, transport: transport, events: events)
    stateless = StatelessResponses(context: context, transport: transport)
  }

  func take(
    _ message: Message, _ path: Path, local: SocketAddress, isOverdue: Bool = false, at now: Instant
  ) {
    if message.isRequest {
      servers.take(message, path, local: local, isOverdue: isOverdue, at: now)
    } else {
      clients.take(message, path, at: now)
    }
  }

  func nextEvent(at now: Instant) -> TransactionEvent? {
    while true {
      if let event = events.next() { return event }
      guard clients.failNext(at: now) else { return nil }
    }
  }
}
