import RCMLBasics

/// Those of web requests, and of what came of them.
extension ReasonEntries {
  static func web(_ code: ReasonCode) -> Words? {
    switch code {
    case .webUnresolved:
      (
        "web-unresolved", "The web server's name could not be resolved.",
        "It is misspelt, or no name server answers.",
        "Look at the URL; ask with: getent hosts NAME."
      )
    case .webConnectionRefused:
      (
        "web-connection-refused", "The web server's machine refused the connection.",
        "No program listens at that port.",
        "Start the web server; look at the port in the URL."
      )
    case .webUnreachable:
      (
        "web-unreachable", "The web server could not be reached.",
        "No way leads there, or a firewall refuses.",
        "Look at the network between."
      )
    case .webConnectTimedOut:
      (
        "web-connect-timeout", "The web server did not accept the connection in time.",
        "It is not there, too busy, or a firewall drops packets.",
        "Raise http_connect_timeout, or look at the network."
      )
    case .webTLS:
      (
        "web-tls", "No secure connection could be made with the web server.",
        "It speaks no TLS at that port, or none that we do.",
        "Look at the URL's port; try it with curl -v."
      )
    case .webCertificate:
      (
        "web-certificate", "The web server's certificate is not trusted.",
        "It has expired, is for another name, or its issuer is not known here.",
        "Renew it, or install the issuer's certificate; tls_verify=false is for tests alone."
      )
    case .webTimedOut:
      (
        "web-timeout", "The web server did not answer in time.",
        "It took longer than http_timeout.",
        "Make it quicker, or raise http_timeout."
      )
    case .webBroken:
      (
        "web-broken", "The connection broke off before the web server's answer was complete.",
        "The server, or something between, closed it.", "Look at the server's log."
      )
    case .webGarbled:
      (
        "web-garbled", "The web server does not speak HTTP, or not correctly.",
        "Another kind of server listens there, or it is broken.",
        "Look at the port; try the URL with curl -v."
      )
    case .webUnavailable:
      (
        "no-libcurl", "There is no libcurl on this machine.", "Web requests need it.",
        "Install libcurl 4 (Debian: libcurl4)."
      )
    case .webNoMemory:
      (
        "web-no-memory", "There is no memory for a web request.",
        "The process has used all it may.", "Give it more."
      )
    default: nil
    }
  }

  static func server(_ code: ReasonCode) -> Words? {
    switch code {
    case .webTooLarge:
      (
        "web-too-large", "The web server's answer is too large.",
        "A document may have max_document_bytes.",
        "Send less, or raise max_document_bytes."
      )
    case .webRedirectLoop:
      (
        "web-redirect-loop", "The web server redirected more than ten times in a row.",
        "Its redirects lead in a circle.",
        "Look at the redirects with curl -vL."
      )
    case .webAddressBlocked:
      (
        "web-address-blocked", "The web server's address may not be asked.",
        "It is a private or loopback address, and http_block_private forbids those; or the URL is of another scheme.",
        "Give a public address, or set http_block_private to false."
      )
    case .webNotFound:
      (
        "web-not-found", "The web server answered 404.", "There is nothing at that path.",
        "Look at the path of the URL, and at the server's routes."
      )
    case .webRefused:
      (
        "web-refused", "The web server refused the request.",
        "It answered another code of the 4xx family; the sentence has it.",
        "401 and 403: write user and password into the URL, or look at the signature; 405: try method=\"GET\"."
      )
    case .webServerError:
      (
        "web-server-error", "The web server failed.",
        "It answered a code of the 5xx family: its program has crashed.",
        "Look at the server's log."
      )
    case .webRedirectUseless:
      (
        "web-redirect-useless", "The web server redirects to where nobody may ask.",
        "A redirect has no Location, leads to another scheme, or from https to http.",
        "Look at the redirect with curl -v."
      )
    case .webNoTurn:
      (
        "web-no-turn", "A web request's turn did not come in time.", "Too many were under way.",
        "Make the server quicker; spread the calls."
      )
    case .callbackQueueFull:
      (
        "callbacks-waiting", "A callback was given up: too many others waited.",
        "The server takes callbacks too slowly.",
        "Make it answer at once, with any 2xx status."
      )
    default: nil
    }
  }

  static func document(_ code: ReasonCode) -> Words? {
    switch code {
    case .documentEmpty:
      (
        "document-empty", "The document is empty.", "There are only blanks in it.",
        "Send at least <Response/>."
      )
    case .documentIsWebPage:
      (
        "document-is-web-page", "A web page came instead of RCML.",
        "The server sent an error page, a login page, or the wrong path.",
        "Open the URL by hand; look at what the server says in it."
      )
    case .documentIsJSON:
      (
        "document-is-json", "JSON came instead of RCML.", "The URL is that of another interface.",
        "Send XML that begins with <Response>."
      )
    case .documentDoctype:
      (
        "document-doctype", "The document has a DOCTYPE or an entity declaration.",
        "They are not allowed, for safety.",
        "Remove it."
      )
    case .documentTooDeep:
      (
        "document-too-deep", "The document's elements are nested too deep.",
        "More than 16 in each other.", "Close what was opened."
      )
    case .documentTooLarge:
      (
        "document-too-large", "The document is too long, or has too many elements.",
        "max_document_bytes, or 1000 elements.",
        "Shorten it; lead on with a <Redirect>."
      )
    case .documentBrokenXML:
      (
        "document-broken-xml", "The document is broken XML.",
        "A tag is not closed, a quote is missing, or text stands before it.",
        "rcml check FILE shows the place."
      )
    case .documentWrongRoot:
      (
        "document-wrong-root", "The document's outermost element is not <Response>.",
        "It is some other XML.", "Put the verbs between <Response> and </Response>."
      )
    case .documentWrongType:
      (
        "document-wrong-type", "The document is of a content type that is not read.",
        "Only text/xml, application/xml, text/html, text/plain and audio are.",
        "Send it as text/xml."
      )
    case .documentWrongEncoding:
      (
        "document-wrong-encoding", "The document's encoding is not known, or is not what it says.",
        "Its charset and its octets do not fit.", "Write it in UTF-8."
      )
    default: nil
    }
  }
}
