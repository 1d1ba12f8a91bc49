// swift-tools-version: 6.2
import PackageDescription

// One target per room, and a room sees only what is listed here (Sources/README.md has the picture). What a room shows the
// others is `public`, so that the compiler can make it part of theirs; outside, nothing is seen but rcml.h.
//
//   RCML_DIST=1      one self-contained librcml.so.0: static Swift runtime, only rcml_* exported
//   RCML_ROOM=Room   builds only that room, what stands below it, and its tests

let environment = Context.environment
let isDistribution = environment["RCML_DIST"] == "1"

// Below the tool no room may even name the concurrency or regular-expression runtime.
let roomSettings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .unsafeFlags([
    "-Xfrontend", "-disable-implicit-concurrency-module-import",
    "-Xfrontend", "-disable-implicit-string-processing-module-import",
  ]),
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

// What runs once a document or a step of a call, not once a packet, is built small for a distribution.
// RCMLSIP and RCMLReactor are among them because the library has a bound of 9 MB (Scripts/check-abi).
let smallRooms: Set = [
  "RCMLDocument", "RCMLDial", "RCMLLibrary", "RCMLAgent", "RCMLSIP", "RCMLReactor",
  "RCMLRehearsal",
]
let smallSettings: [SwiftSetting] = [.unsafeFlags(["-Osize"], .when(configuration: .release))]

func room(
  _ name: String, _ below: [Target.Dependency] = [], exclude: [String] = [],
  linker: [LinkerSetting] = []
) -> Target {
  .target(
    name: name, dependencies: below, exclude: exclude,
    swiftSettings: roomSettings
      + (isDistribution && smallRooms.contains(name) ? smallSettings : []),
    linkerSettings: linker)
}

func tests(_ name: String, _ of: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: name, dependencies: of, exclude: exclude,
    swiftSettings: [.treatAllWarnings(as: .error)])
}

let libraryLinkerSettings: [LinkerSetting] =
  [
    .unsafeFlags([
      "-Xlinker", "-soname=librcml.so.0", "-Xlinker", "-z", "-Xlinker", "nodelete",
      "-Xlinker", "-z", "-Xlinker", "now",
    ])
  ]
  + (isDistribution
    ? [
      .unsafeFlags([
        "-static-stdlib", "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "defs",
        "-Xlinker", "--wrap=_swift_stdlib_getScalarName",
        "-Xlinker", "--wrap=malloc", "-Xlinker", "--wrap=calloc",
        "-Xlinker", "--wrap=posix_memalign", "-Xlinker", "--wrap=_Znwm",
        "-Xlinker", "--wrap=_ZnwmSt11align_val_t",
        "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs",
        "-Xlinker", "--version-script=\(Context.packageDirectory)/Scripts/librcml.map",
      ])
    ] : [])

var allTargets: [Target] = [
  .systemLibrary(name: "COsip", pkgConfig: "libosip2", providers: [.apt(["libosip2-dev"])]),
  .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
  .systemLibrary(
    name: "CSpeexDSP", pkgConfig: "speexdsp", providers: [.apt(["libspeexdsp-dev"])]),
  .systemLibrary(name: "CRCML", path: "Include"),
  .target(
    name: "CSystem", exclude: ["README.md"],
    linkerSettings: [.linkedLibrary("cares"), .linkedLibrary("dl")]),
  .target(name: "CDigest", linkerSettings: [.linkedLibrary("dl")]),
  .target(name: "CTLS", linkerSettings: [.linkedLibrary("dl")]),
  .target(name: "CTelephony", linkerSettings: [.linkedLibrary("dl")]),
  .target(name: "CMPEG", linkerSettings: [.linkedLibrary("dl")]),
  .target(name: "CSecureRTP", linkerSettings: [.linkedLibrary("dl")]),

  room("RCMLBasics", ["CDigest"], exclude: ["README.md"]),
  room("RCMLDocument", ["RCMLBasics", "CExpat"], exclude: ["README.md"]),
  room(
    "RCMLDial", ["RCMLBasics", "RCMLDocument"],
    exclude: [
      "README.md", "Call/CallMachine.md", "Caller/CallerLeg.table.md", "Dial/DialMachine.table.md",
      "Leg/LegMachine.table.md",
      "Result/FinalResponse.table.md", "Result/StatusMapping.table.md",
    ]),
  room(
    "RCMLSIP", ["RCMLBasics", "COsip"],
    exclude: [
      "README.md",
      "Session/README.md",
      "Transaction/InviteClientTransaction.table.md",
      "Transaction/InviteServerTransaction.table.md",
      "Transaction/RequestClientTransaction.table.md",
      "Transaction/RequestServerTransaction.table.md",
      "Invite/OutgoingInviteMachine.table.md",
      "Invite/IncomingInviteMachine.table.md",
      "Invite/ReliableProvisionalMachine.table.md",
      "Auth/Authentication.table.md",
      "Common/Capabilities.table.md",
      "Dialog/RemoteTarget.table.md",
      "Exchange/OfferExchange.table.md",
      "Exchange/SessionTimer.table.md",
      "Transport/Location.table.md",
    ]),
  room(
    "RCMLMedia", ["RCMLBasics", "CSpeexDSP", "CTelephony", "CMPEG", "CSecureRTP"],
    exclude: [
      "README.md", "MediaEngine.md", "Recorder/TrackClock.table.md", "Stream/SourceLock.table.md",
    ]),
  room(
    "RCMLAgent", ["RCMLBasics", "RCMLDocument", "RCMLDial", "RCMLSIP", "RCMLMedia"],
    exclude: [
      "README.md", "Call/README.md", "Call/Perform/PerformanceMachine.table.md",
      "Call/Streams/StreamWait.table.md",
      "HTTP/HTTPFailure.table.md", "Lines/HostLineMachine.table.md",
      "Media/DirectMedia.table.md", "Sound/CachePolicy.table.md",
    ]),
  room(
    "RCMLReactor", ["RCMLBasics", "RCMLDocument", "RCMLMedia", "RCMLAgent", "CSystem", "CTLS"],
    exclude: ["README.md"]),
  room(
    "RCMLRehearsal", ["RCMLBasics", "RCMLDial", "RCMLSIP", "RCMLMedia", "RCMLAgent"],
    exclude: ["README.md"]),
  room(
    "RCMLLibrary",
    [
      "RCMLBasics", "RCMLDocument", "RCMLDial", "RCMLMedia", "RCMLAgent", "RCMLReactor",
      "RCMLRehearsal", "CRCML", "CSystem",
    ],
    exclude: ["README.md"], linker: libraryLinkerSettings),
]

// The tool speaks rcml.h like any stranger; it is linked with the library's objects, not with its inside.
allTargets.append(
  .executableTarget(
    name: "rcml", dependencies: ["CRCML", "RCMLLibrary", "RCMLBasics"], exclude: ["README.md"],
    swiftSettings: []))

allTargets += [
  .target(
    name: "Simulator",
    dependencies: [
      "RCMLBasics", "RCMLDocument", "RCMLDial", "RCMLSIP", "RCMLMedia", "RCMLAgent",
      "RCMLRehearsal",
    ],
    path: "Tests/Simulator", exclude: ["README.md", "planted"], swiftSettings: roomSettings),
  .executableTarget(
    name: "simulate", dependencies: ["Simulator"], path: "Tests/SimulatorTool",
    swiftSettings: [.treatAllWarnings(as: .error)]),
  .target(name: "CCounting", path: "Tests/CCounting"),
  .executableTarget(
    name: "mediabench", dependencies: ["RCMLMedia", "RCMLBasics", "CCounting"],
    path: "Tests/MediaBench", swiftSettings: [.treatAllWarnings(as: .error)]),
  .executableTarget(
    name: "callbench", dependencies: ["RCMLAgent", "RCMLMedia", "RCMLBasics", "CCounting"],
    path: "Tests/CallBench", swiftSettings: [.treatAllWarnings(as: .error)]),

  tests("RCMLBasicsTests", ["RCMLBasics"]),
  tests("RCMLDocumentTests", ["RCMLDocument", "RCMLBasics"]),
  tests("RCMLDialTests", ["RCMLDial", "RCMLDocument", "RCMLBasics"]),
  tests("RCMLSIPTests", ["RCMLSIP", "RCMLBasics"]),
  tests("RCMLMediaTests", ["RCMLMedia", "RCMLBasics", "CMPEG", "CSecureRTP"]),
  tests(
    "RCMLAgentTests",
    ["Simulator", "RCMLAgent", "RCMLDial", "RCMLSIP", "RCMLMedia", "RCMLDocument", "RCMLBasics"]),
  tests(
    "RCMLReactorTests",
    [
      "RCMLReactor", "RCMLAgent", "RCMLMedia", "RCMLDial", "RCMLDocument", "RCMLBasics", "CSystem",
    ]),
  tests("RCMLRehearsalTests", ["RCMLRehearsal", "RCMLSIP", "RCMLBasics"]),
  tests(
    "RCMLLibraryTests",
    [
      "RCMLLibrary", "RCMLRehearsal", "RCMLAgent", "RCMLDial", "RCMLDocument", "RCMLBasics",
      "CRCML",
    ]),
  tests(
    "SimulationTests", ["Simulator", "RCMLAgent", "RCMLSIP", "RCMLMedia", "RCMLBasics"],
    exclude: ["digests.txt"]),
  tests("TidyTests", []),
]

/// The targets that `room` and its tests need: a room can be worked on while another is being rebuilt.
func closure(of room: String, in targets: [Target]) -> [Target] {
  var wanted: Set<String> = [room, room + "Tests"]
  var grew = true
  while grew {
    grew = false
    for target in targets where wanted.contains(target.name) {
      for dependency in target.dependencies {
        if case .byNameItem(let name, _) = dependency, wanted.insert(name).inserted { grew = true }
      }
    }
  }
  return targets.filter { wanted.contains($0.name) }
}

let targets = environment["RCML_ROOM"].map { closure(of: $0, in: allTargets) } ?? allTargets

// The library is built as librcml-0.so, because the tool has the name; Scripts/install gives it its soname's name.
let package = Package(
  name: "librcml",
  products: targets.contains { $0.name == "RCMLLibrary" }
    ? [.library(name: "rcml-0", type: .dynamic, targets: ["RCMLLibrary"])] : [],
  targets: targets,
  swiftLanguageModes: [.v6]
)
