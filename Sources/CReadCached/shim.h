#pragma once
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

// Declared by <sys/uio.h> only under _GNU_SOURCE.
extern ssize_t preadv2(int descriptor, const struct iovec *pieces, int count, off_t offset, int flags);

// pread() of what is in memory already. Where the disk would have to be asked: -1 with errno EAGAIN.
static inline ssize_t pread_cached(int descriptor, void *target, size_t count, off_t offset) {
    struct iovec piece = {target, count};
    return preadv2(descriptor, &piece, 1, offset, 0x00000008 /* RWF_NOWAIT */);
}
