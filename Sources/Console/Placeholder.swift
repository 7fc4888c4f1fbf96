import DriveCore
import HTTPEdge
