import CRCML

/// --document FILE, or --url URL with --method; or a document made of --say TEXT and --dial PARTY; or one that a call chose.
struct DocumentChoice {
  private var text: [CChar] = []
  private var url: [CChar] = []
  private var method: [CChar] = []
  private var length = 0

  init(url: String, method: String) { use(url: url, method: method) }

  init(text: [UInt8]) { use(text) }

  /// A file that would not run is refused here, with its findings, before anybody calls.
  init(_ options: Options) throws(Problem) {
    if let made = try DocumentChoice.made(options) {
      guard !options.has("document"), !options.has("url"), !options.has("method") else {
        throw .usage("--say and --dial make a document: --document and --url name another one.")
      }
      use(Array(made.utf8))
      return
    }
    let file = try options.one("document")
    let address = try options.one("url")
    let method = try DocumentChoice.method(options)
    switch (file, address) {
    case (let path?, nil):
      if method != nil, !options.has("url-from") { throw .usage("--method belongs to --url.") }
      let bytes = try Files.read(path)
      guard try DocumentReport(path: path, bytes: bytes).print(to: Words.error) else {
        throw .failed("\(path) would not run.")
      }
      use(bytes)
    case (nil, let address?):
      use(url: address, method: method ?? "POST")
    case (nil, nil):
      let words =
        (options.knows("say") ? ", --say TEXT, --dial PARTY" : "")
        + (options.knows("documents") ? ", --documents DIR, --url-from header:NAME" : "")
      throw .usage("what is to run? --document FILE, --url URL\(words): one of them is missing.")
    case (.some, .some): throw .usage("--document and --url exclude each other.")
    }
  }

  /// nil = the usual one.
  static func method(_ options: Options) throws(Problem) -> String? {
    guard let method = try options.one("method") else { return nil }
    guard method == "GET" || method == "POST" else {
      throw .usage("--method \(method): GET or POST.")
    }
    return method
  }

  private mutating func use(url: String, method: String) {
    self.url = Array(url.utf8CString)
    self.method = Array(method.utf8CString)
  }

  private mutating func use(_ bytes: [UInt8]) {
    length = bytes.count
    text = bytes.map { CChar(bitPattern: $0) } + [0]
  }

  /// nil = neither --say nor --dial is there.
  private static func made(_ options: Options) throws(Problem) -> String? {
    let words = try options.one("say")
    let party = try options.one("dial")
    guard words != nil || party != nil else { return nil }
    var verbs = ""
    if let words { verbs += "<Say>\(PlainText.escaped(words))</Say>" }
    if let party {
      if let problem = try DocumentReport.problem(ofParty: party) {
        throw .usage("--dial \(party): \(problem)")
      }
      let noun = party.contains(":") || party.contains("@") ? "Sip" : "Number"
      verbs += "<Dial><\(noun)>\(PlainText.escaped(party))</\(noun)></Dial>"
    }
    let document = "<Response>\(verbs)</Response>"
    return document
  }

  /// Lends the document as the header has it.
  func lend<Result>(_ body: (UnsafePointer<rcml_document>) -> Result) -> Result {
    text.withUnsafeBufferPointer { text in
      url.withUnsafeBufferPointer { url in
        method.withUnsafeBufferPointer { method in
          var document = rcml_document()
          document.struct_size = MemoryLayout<rcml_document>.size
          if !url.isEmpty {
            document.url = url.baseAddress
            document.method = method.baseAddress
          } else {
            document.text = text.baseAddress
            document.length = length
          }
          return body(&document)
        }
      }
    }
  }
}
