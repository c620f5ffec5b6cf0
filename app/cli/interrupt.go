//go:build !js

package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// interruptible is a context that ends with Ctrl+C, a request to terminate or
// after a time, 0 for no limit. The function must be called.
func interruptible(after time.Duration) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	if after <= 0 {
		return ctx, stop
	}
	ctx, cancel := context.WithTimeout(ctx, after)
	return ctx, func() {
		cancel()
		stop()
	}
}
