import RCMLAgent
import RCMLBasics
import RCMLDial

/// What is told to the digest of this world.
extension World {
  func note(_ output: Output) {
    switch output {
    case .network(let output): note(output)
    case .names(.addresses(_, let host)): note(.network, "addresses", [.octets(host)])
    case .names(.services(_, let name)): note(.network, "services", [.octets(name)])
    case .names(.pointers(_, let name)): note(.network, "pointers", [.octets(name)])
    case .web(let id, .begin(let exchange)): note(id, exchange)
    case .web(let id, .abort): note(.web, "abort", [.text(askedURLs[id] ?? "")])
    case .tell(let event): note(event)
    case .names(.useServers), .media: break
    }
  }

  private func note(_ output: NetworkOutput) {
    switch output {
    case .send(_, let destination, let bytes):
      note(.network, "datagram", [.address(destination), .octets(bytes)])
    case .openStream(_, let destination): note(.network, "open", [.address(destination)])
    case .openSecured(_, let destination, let domain):
      note(.network, "secure", [.address(destination), .octets(domain)])
    case .sendStream(let id, let bytes):
      note(.network, "stream", [.address(phone(of: id)), .octets(bytes)])
    case .closeStream(let id): note(.network, "close", [.address(phone(of: id))])
    case .closeListener, .findRoute: break
    }
  }

  func note(_ way: BoundaryDigest.Way, _ what: String, _ fields: [BoundaryDigest.Field]) {
    digest.note(way, what, at: now, fields)
  }

  func noteSound(_ octets: [UInt8], to: SocketAddress, isControl: Bool) {
    note(.sound, isControl ? "control" : "packet", [.address(to), .octets(octets)])
  }

  private func phone(of id: ConnectionID) -> SocketAddress? {
    streams[id].map { phones[$0.phone].address }
  }

  private func note(_ id: ExchangeID, _ exchange: HTTPExchange) {
    askedURLs[id] = exchange.url
    var fields: [BoundaryDigest.Field] = [
      .text(exchange.method), .text(exchange.url),
      .number(Int(exchange.connectTimeout.nanoseconds)), .number(Int(exchange.timeout.nanoseconds)),
      .number(exchange.bodyLimit), .number(exchange.blocksPrivateAddresses ? 1 : 0),
      .number(exchange.verifiesTLS ? 1 : 0), .number(exchange.sound == nil ? 0 : 1),
    ]
    for line in exchange.headers { fields += [.octets(line.name), .octets(line.value)] }
    note(.web, "exchange", fields + [.octets(exchange.body)])
  }

  // MARK: the host

  private func note(_ event: HostEvent) {
    switch event {
    case .onCall(let call, let event): note(event, of: call)
    case .question(_, let call, let question): note(question, of: call)
    case .finding(let call, let finding):
      tell(
        "finding", call,
        [
          .text(finding.code.rawValue), .number(Int(finding.severity.rawValue)),
          .number(finding.line), .number(finding.column),
        ])
    case .message(let isSent, let transport, let peer, let text):
      tell(
        "message", nil,
        [
          .number(isSent ? 1 : 0), .number(Int(transport.rawValue)), .address(peer), .octets(text),
        ])
    case .refused(let reason, let source):
      tell("refused", nil, [.number(Int(reason.sipStatus)), .address(source)])
    case .drained: tell("drained", nil, [])
    }
  }

  private func note(_ event: CallEvent, of call: CallNumber) {
    switch event {
    case .incoming(let incoming):
      tell(
        "incoming", call,
        [
          .text(incoming.sid.description), .text(incoming.from), .text(incoming.to),
          .text(incoming.name), .text(incoming.requestURI), .octets(incoming.headers),
        ])
    case .answered: tell("answered", call, [])
    case .ringing: tell("ringing", call, [])
    case .legStatus(let leg, let status):
      tell("leg", call, [.number(Int(leg.number))] + fields(status))
    case .dialEnded(let result): tell("dial ended", call, fields(result))
    case .digit(let party, let key):
      tell("digit", call, [.number(number(of: party)), .number(Int(key))])
    case .secret(let party, let suite):
      tell("secret", call, [.number(number(of: party)), .number(Int(suite.rawValue))])
    case .callback(let leg, let report):
      tell(
        "callback", call,
        [
          .number(leg.map { Int($0.number) }), .text(report.event), .text(report.method),
          .text(report.url), .octets(report.body), .number(report.attempts),
          .number(Int(report.status)),
        ])
    case .exchange(let report):
      tell(
        "exchange", call,
        [
          .text(report.method), .text(report.url), .octets(report.sent),
          .number(Int(report.status)), .text(report.failure), .text(report.contentType),
          .octets(report.received), .number(report.size),
          .number(report.elapsed.wholeMilliseconds),
        ])
    case .recording(let status):
      tell(
        "recording", call,
        [
          .text(status.state.rawValue), .text(status.source.rawValue), .number(status.channels),
          .text(status.recording.url), .text(status.recording.sid),
          .number(status.recording.duration),
        ])
    case .host(let party, let action):
      tell("party", call, [.number(number(of: party))] + fields(action))
    case .ended(let end):
      tell(
        "ended", call,
        [
          .text(end.status.rawValue), .number(end.sipCode.map { Int($0) }),
          .text(end.hangupBy.rawValue), .number(end.duration),
        ])
    }
  }

  private func note(_ question: Question, of call: CallNumber) {
    switch question {
    case .request(let method, let url, let body, _):
      tell("request", call, [.text(method), .text(url), .octets(body)])
    case .target(let question):
      var fields: [BoundaryDigest.Field] = [
        .number(question.dial), .number(question.target), .text(question.noun),
        .text(question.text), .text(question.documentURL),
      ]
      for attribute in question.attributes {
        fields += [.text(attribute.name), .text(attribute.value)]
      }
      tell("target?", call, fields)
    case .credentials(let leg, let realm, let host):
      tell(
        "credentials?", call,
        [.number(leg.map { Int($0.number) }), .text(realm), .text(host)])
    case .url(let method, let url):
      tell("url?", call, [.text(method), .text(url)])
    case .verb(let question):
      tell(
        "verb?", call,
        [.number(Int(question.number.number)), .text(question.name), .text(question.text)])
    case .speech(let text, _, let voice, let language):
      tell("speech?", call, [.text(text), .text(voice), .text(language)])
    }
  }

  private func tell(_ what: String, _ call: CallNumber?, _ fields: [BoundaryDigest.Field]) {
    note(.host, what, [.number(call.map { Int($0.number) })] + fields)
  }

  private func number(of party: Party) -> Int {
    if case .leg(let leg) = party { return Int(leg.number) }
    return -1
  }

  private func fields(_ status: LegStatus) -> [BoundaryDigest.Field] {
    [
      .number(Int(status.event.rawValue)), .text(status.sid.description), .text(status.to),
      .text(status.status.rawValue), .number(Int(status.instant.nanoseconds)),
      .number(status.sipCode.map { Int($0) }), .number(status.duration),
      .text(status.hangupBy?.rawValue ?? ""),
    ]
  }

  private func fields(_ result: DialResult) -> [BoundaryDigest.Field] {
    [
      .text(result.status.rawValue), .number(result.leg.map { Int($0.number) }),
      .text(result.legSid?.description ?? ""), .number(result.duration),
      .number(result.bridged ? 1 : 0), .number(result.ringDuration),
      .number(result.sipCode.map { Int($0) }), .text(result.screening?.rawValue ?? ""),
      .text(result.hangupBy?.rawValue ?? ""), .text(result.recording?.url ?? ""),
      .text(result.recording?.sid ?? ""), .number(result.recording?.duration),
    ]
  }

  private func fields(_ action: HostAction) -> [BoundaryDigest.Field] {
    switch action {
    case .ring(let code, let sdp): return [.text("ring"), .number(Int(code)), .octets(sdp)]
    case .answer(let sdp): return [.text("answer"), .octets(sdp)]
    case .reject(let code, let phrase, _):
      return [.text("reject"), .number(Int(code)), .text(phrase)]
    case .hangUp: return [.text("hang up")]
    case .call(let invite):
      var fields: [BoundaryDigest.Field] = [
        .text("call"), .text(invite.to), .text(invite.from), .text(invite.fromName),
        .number(Int(invite.media.rawValue)),
        .octets(invite.sdp),
      ]
      for line in invite.headers { fields += [.octets(line.name), .octets(line.value)] }
      return fields
    case .offer(let sdp): return [.text("offer"), .octets(sdp)]
    case .accepted(let sdp): return [.text("accepted"), .octets(sdp)]
    case .refused(let code): return [.text("refused"), .number(Int(code))]
    case .key(let key): return [.text("key"), .number(Int(key))]
    }
  }
}
