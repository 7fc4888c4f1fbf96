struct Unbuilt: Error {}
