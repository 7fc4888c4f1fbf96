extension AmoSurface {
    /// Every path this dialect answers. Where two patterns fit a path, the one with the literal stands first.
    static let routes: [Route] =
        SessionRoutes.all + FilesRoutes.all + DownloadRoutes.all + AccountRoute.all + UserRoutes.all
        + CustomFieldRoutes.all + NoteRoutes.all + EntityRoutes.all + EntityFilesRoutes.all + TokenRoutes.all
}
