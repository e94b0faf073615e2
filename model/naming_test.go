package model_test

import (
	"math/big"
	"testing"

	"certty/model"
)

func TestSerialText(t *testing.T) {
	for _, test := range []struct {
		number      *big.Int
		text, pairs string
	}{
		{nil, "", ""},
		{big.NewInt(0), "00", "00"},
		{big.NewInt(0xa3e), "0a3e", "0A:3E"},
		{big.NewInt(0xa93ec061), "a93ec061", "A9:3E:C0:61"},
		{big.NewInt(-0xa3e), "-0a3e", "-0A:3E"},
	} {
		if got := model.SerialText(test.number); got != test.text {
			t.Errorf("%v is %q, want %q", test.number, got, test.text)
		} else if pairs := model.SerialPairs(got); pairs != test.pairs {
			t.Errorf("%q in pairs is %q, want %q", got, pairs, test.pairs)
		}
	}
}
