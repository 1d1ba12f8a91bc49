import CExpat

/// Text → elements, within the limits of spec G-3, by expat; nothing is fetched, nothing is expanded (G-6, G-7).
final class XMLReader {
  struct Problem: Error {
    var text: String
    /// In the original text.
    var offset: Int
  }

  static let depthLimit = 16
  static let elementLimit = 1_000
  static let attributeLimit = 64

  private static let documentTypeRefusal = "A document type (<!DOCTYPE) is not allowed; remove it."

  private let repair: AmpersandRepair
  private let parser: XML_Parser
  private var stack: [Element] = []
  private var root: Element?
  private var count = 0
  private var problem: Problem?

  private init?(_ repair: AmpersandRepair) {
    guard let parser = XML_ParserCreate("UTF-8") else { return nil }
    self.repair = repair
    self.parser = parser
  }

  deinit { XML_ParserFree(parser) }

  static func read(_ repair: AmpersandRepair) throws(Problem) -> Element {
    if let offset = repair.documentType {
      throw Problem(text: documentTypeRefusal, offset: offset)
    }
    guard let reader = XMLReader(repair) else {
      throw Problem(text: "There is no memory left to read the document.", offset: 0)
    }
    return try reader.parse()
  }

  private func parse() throws(Problem) -> Element {
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    XML_SetElementHandler(
      parser,
      { context, name, attributes in XMLReader.of(context)?.began(name, attributes) },
      { context, _ in XMLReader.of(context)?.ended() })
    XML_SetCharacterDataHandler(parser) { context, octets, length in
      XMLReader.of(context)?.found(octets, length)
    }
    // Whatever got past the repair ends here: nothing is declared, so nothing can be expanded (G-6, G-7).
    XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
      XMLReader.of(context)?.refuse(XMLReader.documentTypeRefusal)
    }
    XML_SetEntityDeclHandler(parser) { context, _, _, _, _, _, _, _, _ in
      XMLReader.of(context)?.refuse(XMLReader.documentTypeRefusal)
    }
    let status = repair.text.withUnsafeBytes { octets in
      XML_Parse(
        parser, octets.bindMemory(to: CChar.self).baseAddress,
        Int32(clamping: octets.count), 1)
    }
    if let problem { throw problem }
    guard status == XML_STATUS_OK, let root else {
      if let mismatch { throw mismatch }
      let why = XML_ErrorString(XML_GetErrorCode(parser)).map { String(cString: $0) }
      throw Problem(
        text: "The document is not well-formed XML: \(why ?? "it ends too early").",
        offset: position)
    }
    return root
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> XMLReader? {
    context.map { Unmanaged<XMLReader>.fromOpaque($0).takeUnretainedValue() }
  }

  private var position: Int { repair.original(Int(XML_GetCurrentByteIndex(parser))) }

  /// expat says only "mismatched tag": this says of what.
  private var mismatch: Problem? {
    guard XML_GetErrorCode(parser) == XML_ERROR_TAG_MISMATCH, let open = stack.last else {
      return nil
    }
    let at = Int(XML_GetCurrentByteIndex(parser))
    let name = repair.text.dropFirst(at).prefix(64)
      .drop { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "/") }
      .prefix { $0 > 32 && $0 != UInt8(ascii: ">") }
    let found = String(decoding: name, as: UTF8.self)
    return Problem(
      text: "</\(found)> closes nothing that is open; <\(open.name)> has to be closed first.",
      offset: position)
  }

  private func refuse(_ text: String) {
    guard problem == nil else { return }
    problem = Problem(text: text, offset: position)
    XML_StopParser(parser, XML_Bool(0))
  }

  private func began(
    _ name: UnsafePointer<CChar>?, _ pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>?
  ) {
    guard let name else { return }
    count += 1
    guard stack.count < XMLReader.depthLimit else {
      return refuse("The document is nested deeper than \(XMLReader.depthLimit) elements.")
    }
    guard count <= XMLReader.elementLimit else {
      return refuse("The document has more than \(XMLReader.elementLimit) elements.")
    }
    var attributes: [Element.Attribute] = []
    var index = 0
    while let key = pairs?[index], let value = pairs?[index + 1] {
      attributes.append(.init(name: String(cString: key), value: String(cString: value)))
      index += 2
    }
    guard attributes.count <= XMLReader.attributeLimit else {
      return refuse("An element has more than \(XMLReader.attributeLimit) attributes.")
    }
    let shown = attributes.filter { $0.name != "xmlns" && !$0.name.hasPrefix("xmlns:") }
      .map { Element.Attribute(name: XMLReader.local($0.name), value: $0.value) }
    for (index, attribute) in shown.enumerated()
    where shown[..<index].contains(where: { $0.name == attribute.name }) {
      // Prefixes do not count (G-11), so this is the same attribute twice (G-10).
      return refuse("The attribute \(attribute.name) stands twice on one element.")
    }
    let element = Element(
      name: XMLReader.local(String(cString: name)), attributes: shown, offset: position)
    if let parent = stack.last { parent.append(element) } else { root = element }
    stack.append(element)
  }

  private func ended() { _ = stack.popLast() }

  private func found(_ octets: UnsafePointer<CChar>?, _ length: Int32) {
    guard let octets, length > 0, let element = stack.last else { return }
    let raw = UnsafeRawBufferPointer(start: octets, count: Int(length))
    element.text.append(contentsOf: raw)
  }

  /// Prefixes are ignored, the local name counts (G-11).
  private static func local(_ name: String) -> String {
    name.split(separator: ":").last.map(String.init) ?? name
  }
}
