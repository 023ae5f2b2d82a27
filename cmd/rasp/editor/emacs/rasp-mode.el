;;; rasp-mode.el --- RASP programs, with rasp lsp -*- lexical-binding: t -*-

;; Colours, indentation, and eglot's faults, hover, completion, rename and layout on saving.
;; Emacs 29 has eglot; for Emacs 26 to 28 it is a package.

;;; Code:

(require 'eglot)

;;;###autoload
(define-derived-mode rasp-mode prog-mode "RASP"
  "RASP, the language for what a transformer can compute."
  (modify-syntax-entry ?# "<")
  (modify-syntax-entry ?\n ">")
  (modify-syntax-entry ?\\ ".") ; strings have no escapes
  (setq-local comment-start "# " comment-start-skip "#+ *"
              indent-line-function #'rasp-indent-line
              font-lock-defaults
              '((("#\\(?:rasp:\\|>\\|=\\).*" 0 font-lock-preprocessor-face t)
                 ("\\_<\\(def\\)\\_>\\s-*\\(\\(?:\\sw\\|\\s_\\)+\\)" (1 font-lock-keyword-face) (2 font-lock-function-name-face))
                 ("\\_<\\(?:return\\|for\\|in\\|if\\|else\\|and\\|or\\|not\\|load\\|draw\\)\\_>" . font-lock-keyword-face)
                 ("\\_<\\(select\\|aggregate\\|range\\|zip\\|len\\|round\\|indicator\\)(" 1 font-lock-builtin-face)
                 ("\\_<\\(?:tokens\\(?:_\\w+\\)?\\|indices\\|length\\|full_s\\|True\\|False\\)\\_>" . font-lock-constant-face)))))

(defun rasp-indent-line ()
  "Indent by the brackets around the line."
  (let ((depth (car (syntax-ppss (line-beginning-position)))))
    (save-excursion
      (back-to-indentation)
      (when (looking-at "\\s)") (setq depth (1- depth)))
      (indent-line-to (* 4 (max 0 depth)))))
  (when (< (current-column) (current-indentation)) (back-to-indentation)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.rasp\\'" . rasp-mode))

(defun rasp-format ()
  "Lay the program out as rasp fmt does, where the language server runs."
  (when (eglot-managed-p) (eglot-format-buffer)))

(add-to-list 'eglot-server-programs '(rasp-mode "rasp" "lsp"))
(add-hook 'rasp-mode-hook #'eglot-ensure)
(add-hook 'rasp-mode-hook (lambda () (add-hook 'before-save-hook #'rasp-format nil t)))

(provide 'rasp-mode)
;;; rasp-mode.el ends here
