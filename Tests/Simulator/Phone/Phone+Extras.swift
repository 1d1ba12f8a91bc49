import RCMLBasics

/// What phones of larger worlds do besides: routes, session timers, offers of every kind, keys.
extension Phone {
  /// What it last said in one dialog.
  struct Described {
    var version = 0
    var direction = "sendrecv"
  }

  /// The ports of the proxies before it: all of them stand at its own address.
  static func routePort(_ place: Int) -> Int { 5_070 + place }

  private var hasRoutes: Bool {
    guard let extras, extras.routes > 0 else { return false }
    if case .caller(let script) = role { return !script.usesStream }
    return !isOnStream
  }

  var routeAddresses: [SocketAddress] {
    guard hasRoutes, let extras else { return [] }
    return (0..<extras.routes).map {
      var address = address
      address.port = UInt16(Phone.routePort($0))
      return address
    }
  }

  /// Record-Route as the proxies wrote it on the way.
  func addRoutes(_ writer: inout SipWriter) {
    guard hasRoutes, let extras else { return }
    let routes = (0..<extras.routes).map { "<sip:\(host):\(Phone.routePort($0));lr>" }
    if extras.routesAreOneLine {
      writer.header("Record-Route", routes.joined(separator: ", "))
    } else {
      for route in routes { writer.header("Record-Route", route) }
    }
  }

  func addTimer(_ writer: inout SipWriter) {
    guard let timer = extras?.timer else { return }
    writer.header("Supported", "timer")
    let refresher = timer.refresher.isEmpty ? "" : ";refresher=" + timer.refresher
    writer.header("Session-Expires", "\(timer.seconds)\(refresher)")
  }

  /// In a 2xx somebody is named (RFC 4028 §9).
  func agreeTimer(_ writer: inout SipWriter) {
    guard let timer = extras?.timer else { return }
    let refresher = timer.refresher.isEmpty ? "uac" : timer.refresher
    if refresher == "uac" { writer.header("Require", "timer") }
    writer.header("Session-Expires", "\(timer.seconds);refresher=\(refresher)")
  }

  /// The dialog stands: what it has in mind for it.
  func beginExtras(_ call: Int, _ dialog: Int) {
    guard let extras, voice == nil else { return }
    for (place, offer) in extras.offers.enumerated() {
      wake(.extraOffer(call: call, dialog: dialog, index: place), after: offer.after)
    }
    for (place, after) in extras.keys.enumerated() {
      wake(.extraKey(call: call, dialog: dialog, index: place), after: after)
    }
  }

  /// What a re-INVITE is answered; nil = as it always was.
  func extraAnswer() -> Int? {
    guard let answers = extras?.answers, !answers.isEmpty else { return nil }
    defer { answersGiven += 1 }
    return answers[answersGiven % answers.count]
  }

  func extraOffer(_ call: Int, _ dialog: Int, _ place: Int) {
    guard let offer = extras?.offers[place], !calls[call].dialogs[dialog].isOver,
      !calls[call].dialogs[dialog].isEarly
    else { return }
    calls[call].dialogs[dialog].sequence += 1
    let sequence = calls[call].dialogs[dialog].sequence
    let branch = newBranch()
    let method: SipText.Method = offer.isUpdate ? .update : .invite
    var writer = request(method, call, dialog, branch: branch, sequence: sequence)
    writer.header("Contact", contact(over: calls[call].link))
    var body: [UInt8] = []
    if offer.isEmpty, !offer.isUpdate {
      emptyOffers.insert(branch)
    } else {
      body = extraSession(soundKey(call, dialog), offering: offer.direction)
    }
    let bytes = finished(writer, body: body)
    track(
      repeatedly(bytes, over: calls[call].link, longest: offer.isUpdate ? .seconds(4) : .zero),
      call, writer)
    guard let after = offer.cancelsAfter, !offer.isUpdate, let message = SipText(bytes) else {
      return
    }
    openOffers[branch] = message
    wake(.cancelOffer(call: call, branch: branch), after: after)
  }

  /// A provisional response must have come; here a 100 always does in the end (RFC 3261 §9.1).
  func cancelOffer(_ call: Int, _ branch: [UInt8]) {
    guard let offer = openOffers[branch] else { return }
    guard provisionals.contains(branch) else {
      if !sendings.isEmpty { wake(.cancelOffer(call: call, branch: branch), after: 100) }
      return
    }
    openOffers[branch] = nil
    var writer = SipWriter(request: .cancel, uri: Array(offer.bytes[offer.uri]))
    writer.header("Via", offer.bytes[offer.vias[0]])
    writer.header("Max-Forwards", "70")
    writer.header("From", offer.bytes[offer.from])
    writer.header("To", offer.bytes[offer.to])
    writer.header("Call-ID", offer.callID)
    writer.header("CSeq", "\(offer.sequence) CANCEL")
    cancelling = repeatedly(writer.finished(), over: calls[call].link, longest: .seconds(4))
  }

  func extraKey(_ call: Int, _ dialog: Int, _ place: Int) {
    guard let names = extras?.keyNames, !calls[call].dialogs[dialog].isOver,
      !calls[call].dialogs[dialog].isEarly
    else { return }
    press(names[place % names.count], soundKey(call, dialog))
  }

  // MARK: descriptions

  /// There is something in its offer that this phone takes.
  func canAnswer(_ message: SipText) -> Bool {
    guard extras != nil, voice == nil, let offer = SdpText(message) else { return true }
    return offer.streams.contains { $0.media == "audio" && $0.mayPass }
  }

  /// nil = no description of this kind: the phone has a voice, or nothing special about it.
  func extraDescription(_ key: SoundKey, answering offer: SipText?) -> [UInt8]? {
    guard let extras, voice == nil else { return nil }
    if let offer = offer.flatMap({ SdpText($0) }) { return extraSession(key, answering: offer) }
    return extraSession(key, offering: extras.direction)
  }

  private func extraSession(_ key: SoundKey, offering direction: String) -> [UInt8] {
    let (said, port) = next(key, direction)
    var text = head(said)
    switch extras?.streams ?? .plain {
    case .plain: text += Phone.audio(port, "RTP/AVP", "0 101", "PCMU/8000", said.direction)
    case .g722: text += Phone.audio(port, "RTP/AVP", "9 101", "G722/8000", said.direction)
    case .opus: text += Phone.audio(port, "RTP/AVP", "96 101", "opus/48000/2", said.direction)
    case .secure: text += Phone.audio(port, "RTP/SAVP", "0 101", "PCMU/8000", said.direction)
    case .secureAndPlain:
      text += Phone.audio(port + 500, "RTP/SAVP", "0 101", "PCMU/8000", said.direction)
      text += Phone.audio(port, "RTP/AVP", "0 101", "PCMU/8000", said.direction)
    case .withImage:
      text += Phone.audio(port, "RTP/AVP", "0 101", "PCMU/8000", said.direction)
      text += "m=image \(port + 500) udptl t38\r\n"
    }
    return Array(text.utf8)
  }

  private func extraSession(_ key: SoundKey, answering offer: SdpText) -> [UInt8] {
    let own = described[key]?.direction ?? "sendrecv"
    let (said, port) = next(key, own)
    var text = head(said)
    var isTaken = false
    for stream in offer.streams {
      if stream.media == "audio", stream.mayPass, !isTaken {
        isTaken = true
        text += "m=audio \(port) \(stream.profile) \(stream.formats)\r\n"
        for map in offer.maps { text += map + "\r\n" }
        text += "a=\(SdpText.answer(to: stream, own: own))\r\n"
      } else {
        text += "m=\(stream.media) 0 \(stream.profile) \(stream.formats)\r\n"
      }
    }
    return Array(text.utf8)
  }

  /// Each description has a port of its own, so that it can be told whose word is shown to others.
  private func next(_ key: SoundKey, _ direction: String) -> (Described, Int) {
    var said = described[key] ?? Described()
    said.version += 1
    said.direction = direction
    described[key] = said
    return (said, 20_000 + 1_000 * (key.fork % 8) + 2 * (said.version % 250))
  }

  private func head(_ said: Described) -> String {
    "v=0\r\no=\(name) 1 \(said.version) IN IP4 \(host)\r\ns=-\r\nc=IN IP4 \(host)\r\nt=0 0\r\n"
  }

  private static func audio(
    _ port: Int, _ profile: String, _ formats: String, _ name: String, _ direction: String
  ) -> String {
    let number = formats.prefix { $0 != " " }
    return "m=audio \(port) \(profile) \(formats)\r\na=rtpmap:\(number) \(name)\r\n"
      + "a=rtpmap:101 telephone-event/8000\r\na=\(direction)\r\n"
  }
}
