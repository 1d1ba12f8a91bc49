import RCMLBasics

/// One party's description for the other's dialog: what we do not have to change passes octet for octet.
extension SDPDraft {
  /// `source` in the places of the dialog that is told of it. Streams whose profile is not served are refused, and so
  /// is in an answer what the offer did not ask for (RFC 3264 §6, spec U-53).
  ///
  /// `directions`: as they are to be said.
  public static func relaying(
    _ source: SessionDescription, to places: SDPPlaces, _ directions: SDPDirections
  ) -> SDPDraft {
    // A party without words of its own is nowhere that another could send to.
    guard !source.body.isEmpty else { return inactive(places) }
    let relay = Relay(source, places, room: source.body.count + 64)
    return relay.write(directions)
  }

  private static func inactive(_ places: SDPPlaces) -> SDPDraft {
    let nowhere = SocketAddress(ipv4: 0, port: 0)
    return switch places {
    case .offer(let last): inactiveOffer(after: last, address: nowhere)
    case .answer(let offer): inactiveAnswer(to: offer, address: nowhere)
    }
  }

  /// An answer made of `source` would have a stream that is not refused.
  public static func canAnswer(_ offer: SessionDescription, with source: SessionDescription)
    -> Bool
  {
    let relay = Relay(source, .answer(to: offer))
    return offer.streams.indices.contains { relay.isTaken($0) && source.streams[$0].isOn }
  }
}

private struct Relay: ~Copyable {
  let source: SessionDescription
  let places: SDPPlaces
  var writer: ByteWriter

  /// `room`: for what is to be written; 0 = nothing is.
  init(_ source: SessionDescription, _ places: SDPPlaces, room: Int = 0) {
    self.source = source
    self.places = places
    writer = ByteWriter(capacity: room)
  }

  consuming func write(_ directions: SDPDirections) -> SDPDraft {
    let lines = source.lines.lines
    var firstLine = 0
    for (place, line) in lines.prefix(while: { $0.media == nil }).enumerated() where place != 1 {
      copy(line)
      if place == 0 { firstLine = writer.count }
    }
    for place in 0..<count {
      if isTaken(place) {
        write(place, directions[place])
      } else if source.streams.indices.contains(place), case .offer = places {
        writer.append(refused: place, of: source)
      } else if let reference = places.reference {
        writer.append(refused: place, of: reference)
      }
    }
    return SDPDraft(firstLine: firstLine, writer.finish())
  }

  private var count: Int {
    switch places {
    case .answer(let offer): offer.streams.count
    case .offer(let last): max(source.streams.count, last?.streams.count ?? 0)
    }
  }

  /// Streams that are off pass as they are: who has seen them once is to see the same again.
  func isTaken(_ place: Int) -> Bool {
    guard source.streams.indices.contains(place) else { return false }
    let stream = source.streams[place]
    guard stream.kind == .other || stream.isServed || !stream.isOn else { return false }
    guard case .answer(let offer) = places else { return true }
    let asked = offer.streams[place]
    guard asked.kind == stream.kind, hasWord(0, of: place, as: offer) else {
      return false
    }
    guard stream.isOn else {
      return hasWord(2, of: place, as: offer) || (stream.isServed && asked.isServed)
    }
    // What was offered with keys is not answered without, nor the other way round.
    guard asked.isUsable, asked.isSecret == stream.isSecret else { return false }
    if stream.kind == .other { return hasWord(2, of: place, as: offer) }
    return sharesFormat(place, with: offer)
  }

  private mutating func write(_ place: Int, _ direction: AudioDescription.Direction) {
    let stream = source.streams[place]
    let lines = source.lines.lines
    writeHead(place, lines[stream.lines.lowerBound])
    let isSame = stream.direction == direction || !stream.isOn
    for line in lines[stream.lines].dropFirst() {
      if !isSame, line.type == UInt8(ascii: "a"), self.direction(line) != nil { continue }
      if stream.hidesKeys, isKey(line) { continue }
      copy(line)
    }
    if !isSame { writer.append(direction) }
  }

  /// A stream keeps the profile that it has in this dialog.
  private mutating func writeHead(_ place: Int, _ line: SDPLines.Line) {
    guard let reference = places.reference, reference.streams.indices.contains(place),
      source.streams[place].isServed, reference.streams[place].isServed,
      source.streams[place].profile == reference.streams[place].profile,
      !hasWord(2, of: place, as: reference),
      let profile = word(2, of: place, in: reference), let ours = word(2, of: place, in: source)
    else { return copy(line) }
    source.body.withUnsafeBytes { octets in
      writer.append(
        UnsafeRawBufferPointer(rebasing: octets[line.whole.lowerBound..<ours.lowerBound]))
      writer.append(reference.body[profile])
      writer.append(
        UnsafeRawBufferPointer(rebasing: octets[ours.upperBound..<line.value.upperBound]))
      writer.append("\r\n")
    }
  }

  /// The last line of a description may be without its end, and others may follow it here.
  private mutating func copy(_ line: SDPLines.Line) {
    source.body.withUnsafeBytes { octets in
      writer.append(UnsafeRawBufferPointer(rebasing: octets[line.whole]))
      switch octets[line.whole.upperBound - 1] {
      case 10: break
      // Half of it is there.
      case 13: writer.append("\n")
      default: writer.append("\r\n")
      }
    }
  }

  private func isKey(_ line: SDPLines.Line) -> Bool {
    line.type == UInt8(ascii: "a") && source.body[line.value].starts(with: "crypto:".utf8)
  }

  private func direction(_ line: SDPLines.Line) -> AudioDescription.Direction? {
    source.body.withUnsafeBytes { $0.direction(line.value) }
  }

  // MARK: the words of m-lines

  private func word(
    _ number: Int, of place: Int, in description: SessionDescription
  ) -> Range<Int>? {
    guard let line = description.mediaLine(of: place) else { return nil }
    return description.body.withUnsafeBytes { octets in
      var position = line.value.lowerBound
      for _ in 0..<number { _ = octets.nextWord(&position, line.value.upperBound) }
      return octets.nextWord(&position, line.value.upperBound)
    }
  }

  /// The kind (0) or the profile (2) of the stream is that of the other description's.
  private func hasWord(_ number: Int, of place: Int, as other: SessionDescription) -> Bool {
    guard let first = word(number, of: place, in: source),
      let second = word(number, of: place, in: other)
    else { return false }
    return source.body[first].elementsEqual(other.body[second])
  }

  private func sharesFormat(_ place: Int, with offer: SessionDescription) -> Bool {
    let ours = source.lines.lines[source.streams[place].lines.lowerBound].value.upperBound
    let theirs = offer.lines.lines[offer.streams[place].lines.lowerBound].value.upperBound
    guard let first = word(3, of: place, in: source), let asked = word(3, of: place, in: offer)
    else { return false }
    return source.body.withUnsafeBytes { one in
      offer.body.withUnsafeBytes { other in
        var position = first.lowerBound
        while let format = one.nextWord(&position, ours) {
          var place = asked.lowerBound
          while let wanted = other.nextWord(&place, theirs) {
            if one[format].elementsEqual(other[wanted]) { return true }
          }
        }
        return false
      }
    }
  }
}
