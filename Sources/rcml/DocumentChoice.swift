import CRCML

/// --document FILE, or --url URL with --method.
struct DocumentChoice {
  private var text: [CChar] = []
  private var url: [CChar] = []
  private var method: [CChar] = []
  private var length = 0

  /// A file that would not run is refused here, with its findings, before anybody calls.
  init(_ options: Options) throws(Problem) {
    let file = try options.one("document")
    let address = try options.one("url")
    let method = try options.one("method")
    switch (file, address) {
    case (let path?, nil):
      if method != nil { throw .usage("--method belongs to --url.") }
      let bytes = try Files.read(path)
      guard DocumentReport(path: path, bytes: bytes).print(to: Words.error) else {
        throw .failed("\(path) would not run.")
      }
      length = bytes.count
      text = bytes.map { CChar(bitPattern: $0) } + [0]
    case (nil, let address?):
      let method = method ?? "POST"
      guard method == "GET" || method == "POST" else {
        throw .usage("--method \(method): GET or POST.")
      }
      url = Array(address.utf8CString)
      self.method = Array(method.utf8CString)
    case (nil, nil): throw .usage("--document FILE or --url URL is missing.")
    case (.some, .some): throw .usage("--document and --url exclude each other.")
    }
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
