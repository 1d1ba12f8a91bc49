import CExpat
import RCMLBasics

/// Text → elements, within the limits of spec G-3, by expat; nothing is fetched, nothing is expanded (G-6, G-7).
final class XMLReader {
  struct Problem: Error {
    var text: String
    /// In the whole text.
    var offset: Int
    var reason = ReasonCode.documentBrokenXML
  }

  static let depthLimit = 16
  static let elementLimit = 1_000
  static let attributeLimit = 64

  let repair: AmpersandRepair
  let places: TextPlaces
  /// How many octets stood before the text that is parsed.
  let shift: Int
  let parser: XML_Parser
  private(set) var stack: [Element] = []
  private var root: Element?
  private var count = 0
  private var problem: Problem?

  private init?(_ repair: AmpersandRepair, _ places: TextPlaces, _ shift: Int) {
    guard let parser = XML_ParserCreate("UTF-8") else { return nil }
    self.repair = repair
    self.places = places
    self.shift = shift
    self.parser = parser
  }

  deinit { XML_ParserFree(parser) }

  static func read(
    _ repair: AmpersandRepair, _ places: TextPlaces, shift: Int
  ) throws(Problem) -> Element {
    if let offset = repair.documentType {
      throw Problem(
        text: documentTypeText, offset: offset + shift, reason: .documentDoctype)
    }
    guard let reader = XMLReader(repair, places, shift) else {
      throw Problem(
        text: "There is no memory left to read the document.", offset: 0, reason: .documentError)
    }
    return try reader.parse()
  }

  private static let documentTypeText = "A document type (<!DOCTYPE) is not allowed; remove it."

  private func parse() throws(Problem) -> Element {
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser,
      { context, name, attributes in XMLReader.of(context)?.began(name, attributes) },
      { context, _ in XMLReader.of(context)?.ended() })
    XML_SetCharacterDataHandler(parser) { context, octets, length in
      XMLReader.of(context)?.found(octets, length)
    }
    // What the repair did not see, the parser does: no document type, no entity, whatever hides it (G-6).
    XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
      XMLReader.of(context)?.refuse(XMLReader.documentTypeText, .documentDoctype)
    }
    XML_SetEntityDeclHandler(parser) { context, _, _, _, _, _, _, _, _ in
      XMLReader.of(context)?.refuse(
        "An entity declaration is not allowed; remove it.", .documentDoctype)
    }
    let status = repair.text.withUnsafeBytes { octets in
      XML_Parse(
        parser, octets.bindMemory(to: CChar.self).baseAddress,
        Int32(clamping: octets.count), 1)
    }
    if let problem { throw problem }
    guard status == XML_STATUS_OK, let root else {  // G-1
      throw Problem(text: sentence(XML_GetErrorCode(parser)), offset: position)
    }
    return root
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> XMLReader? {
    context.map { Unmanaged<XMLReader>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Where the parser is, in the text that is parsed.
  var parsed: Int { Int(XML_GetCurrentByteIndex(parser)) }

  private var position: Int { whole(parsed) }

  /// A place of the text that is parsed, in the whole text.
  private func whole(_ place: Int) -> Int { repair.original(place) + shift }

  private func refuse(
    _ text: String, _ reason: ReasonCode = .documentBrokenXML, offset: Int? = nil
  ) {
    guard problem == nil else { return }
    problem = Problem(text: text, offset: offset ?? position, reason: reason)
    XML_StopParser(parser, XML_Bool(0))
  }

  private func began(
    _ name: UnsafePointer<CChar>?, _ pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>?
  ) {
    guard let name, problem == nil else { return }
    count += 1
    guard stack.count < XMLReader.depthLimit else {
      return refuse(
        "The document is nested deeper than \(XMLReader.depthLimit) elements.", .documentTooDeep)
    }
    guard count <= XMLReader.elementLimit else {
      return refuse(
        "The document has more than \(XMLReader.elementLimit) elements.", .documentTooLarge)
    }
    let number = Int(XML_GetSpecifiedAttributeCount(parser)) / 2
    guard number <= XMLReader.attributeLimit else {
      return refuse("An element has more than \(XMLReader.attributeLimit) attributes.")
    }
    let start = parsed
    let tags = TagPlaces.attributes(repair.text, start, count: number)
    var attributes: [Element.Attribute] = []
    var prefixed = Element.Prefixed(name: String(cString: name), attributes: [])
    for index in 0..<number {
      guard let key = pairs?[2 * index], let value = pairs?[2 * index + 1] else { break }
      let qualified = String(cString: key)
      prefixed.attributes.append((qualified, String(cString: value)))
      if XMLReader.isOfXML(qualified) { continue }
      let local = XMLReader.local(qualified)
      let place = index < tags.count ? tags[index] : .init(name: start, value: start)
      // Only local names count (G-11), and no attribute stands twice (G-10).
      guard !attributes.contains(where: { $0.name == local }) else {
        return refuse(
          "The attribute \(local.prefix(40)) stands twice on one element; remove one.",
          offset: whole(place.name))
      }
      attributes.append(
        .init(
          name: local, value: String(cString: value), nameOffset: whole(place.name),
          valueOffset: whole(place.value)))
    }
    let hasPrefixes =
      XMLReader.hasPrefix(prefixed.name)
      || prefixed.attributes.contains { XMLReader.hasPrefix($0.name) }
    let element = Element(
      name: XMLReader.local(prefixed.name), attributes: attributes, offset: whole(start),
      prefixed: hasPrefixes ? prefixed : nil)
    if let parent = stack.last { parent.append(element) } else { root = element }
    stack.append(element)
  }

  private func ended() { _ = stack.popLast() }

  private func found(_ octets: UnsafePointer<CChar>?, _ length: Int32) {
    guard let octets, length > 0, let element = stack.last else { return }
    let raw = UnsafeRawBufferPointer(start: octets, count: Int(length))
    element.append(raw, offset: element.textOffset == nil ? position : 0)
  }

  /// Attributes that speak of the document as XML, not of a call: `xmlns`, `xml:lang`, `xsi:schemaLocation`.
  private static func isOfXML(_ name: String) -> Bool {
    name == "xmlns" || name.hasPrefix("xmlns:") || name.hasPrefix("xml:") || name.hasPrefix("xsi:")
  }

  private static func hasPrefix(_ name: String) -> Bool { name.utf8.contains(UInt8(ascii: ":")) }

  /// Prefixes are ignored, the local name counts (G-11).
  private static func local(_ name: String) -> String {
    guard hasPrefix(name) else { return name }
    return name.split(separator: ":").last.map(String.init) ?? name
  }
}
