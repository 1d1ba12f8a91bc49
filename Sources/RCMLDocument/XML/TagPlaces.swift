/// Where the attributes of a start tag stand: the parser tells their texts, this their places.
enum TagPlaces {
  struct Place {
    /// In the text that was parsed.
    var name: Int
    var value: Int
  }

  /// The places of the attributes of the well-formed tag that begins at `start`, in order.
  static func attributes(_ text: [UInt8], _ start: Int, count: Int) -> [Place] {
    guard count > 0 else { return [] }
    var places: [Place] = []
    places.reserveCapacity(count)
    var index = start + 1
    func skip(while matches: (UInt8) -> Bool) {
      while index < text.count, matches(text[index]) { index += 1 }
    }
    skip { !Element.isBlank($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/") }
    while places.count < count {
      skip(while: Element.isBlank)
      let name = index
      skip { $0 != UInt8(ascii: "=") }
      index += 1
      skip(while: Element.isBlank)
      guard index < text.count else { break }
      let quote = text[index]
      index += 1
      places.append(Place(name: name, value: index))
      skip { $0 != quote }
      index += 1
    }
    return places
  }

  /// The name that begins at `start`, shortened to what a sentence can hold.
  static func name(_ text: [UInt8], _ start: Int) -> String {
    guard start >= 0, start < text.count else { return "" }
    let name = text[start...].prefix {
      !Element.isBlank($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
        && $0 != UInt8(ascii: "<")
    }
    return String(String(decoding: name, as: UTF8.self).prefix(40))
  }
}
